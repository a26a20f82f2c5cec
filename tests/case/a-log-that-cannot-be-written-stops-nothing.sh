#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

host=$(ns_of net)
for log in /dev/full "$T/no-such-dir/log" "$T" /proc/version; do
	for way in $WAYS; do
		NSSHIM_LOG=info:$log run shim 'match = state; net = new' "$door" "${way%:*}" "${way#*:}" "$state" ns:net
		expect_like "$log, $way: it ran" '^net:' "$OUT"
		expect_not "$log, $way: inside" "$host" "$OUT"
		expect_eq "$log, $way: exit status" 0 "$RC"
	done
done
# A full and a read-only disk.
unshare "${OWN[@]}" --mount bash -s "$T" "$LIB" "$door" "$state" "$host" <<'END' || fail 'on a disk'
disk=$1/disk
mkdir "$disk" && mount -t tmpfs -o size=16k none "$disk" || exit 1
dd if=/dev/zero of="$disk/fill" bs=4k 2>/dev/null
: >"$disk/log"
for options in remount,bind,rw remount,bind,ro; do
	mount -o "$options" "$disk" || exit 1
	net=$(LD_PRELOAD=$2 NSSHIM_LOG=info:$disk/log NSSHIM_PROFILE='match = state; net = new' "$3" posix_spawn direct "$4" ns:net)
	case $net in
	"$5" | '') echo "$options: not inside: $net" && exit 1 ;;
	esac
done
END

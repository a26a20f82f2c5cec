#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

cat >hidden <<'END'
mount -t tmpfs none /proc && mkdir /proc/self && exec "$@"
END
unmounted() {
	unshare "${OWN[@]}" --mount sh "$T/hidden" "$@"
}
for way in $WAYS; do
	# Nothing of /proc is needed here. (lo tells the network: the ids of namespaces are in /proc.)
	run unmounted env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$(profile 'match = state; net = new; loopback = no')" \
		"$door" "${way%:*}" "${way#*:}" "$state" lo
	expect_eq "$way: net" 'lo down' "$OUT"
	expect_silent "$way: net"
	# The maps of a user namespace can be written nowhere else.
	run unmounted env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$(profile 'match = state; user = new; net = new')" \
		"$door" "${way%:*}" "${way#*:}" "$state" lo
	expect_line "$way: user" '^nsshim: \[rule\] user: .*/proc/.*: No such file or directory \(ENOENT\): .*/proc'
	expect_eq "$way: it did not run" '' "$(grep '^lo ' <<<"$OUT")"
	expect_not "$way: exit status" 0 "$RC"
done

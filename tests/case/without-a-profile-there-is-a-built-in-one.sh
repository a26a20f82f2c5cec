#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

mkdir -p home/.config/nsshim
found=
for file in /etc/nsshim/default.ini /usr/local/share/nsshim/default.ini; do
	[ ! -e $file ] || found=$file
done
if [ -n "$found" ]; then
	skip_part "this machine has a $found, the built-in profile is out of reach"
else
	for way in $WAYS; do
		run env HOME="$T/home" LD_PRELOAD="$LIB" "$door" "${way%:*}" "${way#*:}" \
			"$state" ns:net ns:ipc ids ns:mnt ns:uts lo
		expect_not "$way: net" "$(ns_of net)" "$(sed -n 1p <<<"$OUT")"
		expect_not "$way: ipc" "$(ns_of ipc)" "$(sed -n 2p <<<"$OUT")"
		id=$(id -u) gid=$(id -g)
		expect_eq "$way: the rest" "uid $id $id $id
gid $gid $gid $gid
$(ns_of mnt)
$(ns_of uts)
lo up" "$(sed 1,2d <<<"$OUT")"
		expect_silent "$way"
	done
fi
profile 'uts = new' home/.config/nsshim/default.ini >/dev/null
for way in $WAYS; do
	run env HOME="$T/home" LD_PRELOAD="$LIB" "$door" "${way%:*}" "${way#*:}" "$state" ns:net ns:uts
	expect_eq "$way: default.ini, net" "$(ns_of net)" "$(sed -n 1p <<<"$OUT")"
	expect_not "$way: default.ini, uts" "$(ns_of uts)" "$(sed -n 2p <<<"$OUT")"
	expect_silent "$way"
done

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

rule='match = state; pid = new; mnt = new; uid_map = self; gid_map = self'
for way in posix_spawn:direct execve:fork execve:vfork raw:fork; do
	set -- "${way%:*}" "${way#*:}" "$state" ns:pid
	run shim "$rule" "$door" "$@" <&-
	expect_eq "$way, descriptor 0 closed: exit status" 0 "$RC"
	expect_not "$way, descriptor 0 closed" "$(ns_of pid)" "$OUT"
	expect_silent "$way, descriptor 0 closed"
	run shim "$rule" "$door" -f "$@"
	expect_eq "$way, every descriptor in use: exit status" 0 "$RC"
	expect_not "$way, every descriptor in use" "$(ns_of pid)" "$OUT"
	expect_silent "$way, every descriptor in use"
	# And nothing is left of one that inherited none of the three.
	(shim "$rule" "$PROG/reap" 20 "$door" "${@:1:3}" exit:7 <&- >&- 2>&-)
	expect_eq "$way, without the three standard ones" 7 $?
done

#!/bin/bash
# runs: root
. "$(dirname "$0")/../case.sh"

uid=$(id -u "$ACCOUNT") gid=$(id -g "$ACCOUNT")
as_user=(setpriv --reuid="$uid" --regid="$gid" --clear-groups)
# Of an ordinary user's: root is not mapped there, so it becomes that namespace's own root.
hold_by "${as_user[@]}" unshare --user --map-root-user --net -- sleep 1000
for way in $WAYS; do
	run shim "match = state; user = pid:$HELD; net = pid:$HELD" "$door" "${way%:*}" "${way#*:}" "$state" ns:net ids
	expect_eq "root, $way" "$(ns_of net "$HELD")
uid 0 0 0
gid 0 0 0" "$OUT"
	expect_silent "root, $way"
	run "${as_user[@]}" env LD_PRELOAD="$LIB" NSSHIM_PROFILE="user = pid:$HELD; net = pid:$HELD; match = state" \
		"$door" "${way%:*}" "${way#*:}" "$state" ns:net ids
	expect_eq "the user itself, $way" "$(ns_of net "$HELD")
uid 0 0 0
gid 0 0 0" "$OUT"
	expect_silent "the user itself, $way"
done
# Where it is mapped, it is kept: 1234 outside is 34 inside.
hold_by unshare --user --net sleep 1000
mapped=$HELD
# With one write(2), which the shell's own echo does not make of two lines.
/bin/echo '0 0 1
30 1230 10' >"/proc/$mapped/uid_map"
/bin/echo '0 0 1
40 1230 10' >"/proc/$mapped/gid_map"
for way in $WAYS; do
	# Capabilities of root (ptrace: to name a process of its), but ids of another.
	run setpriv --reuid=1234 --regid=1235 --clear-groups --inh-caps=+sys_admin,+sys_ptrace,+setuid,+setgid \
		--ambient-caps=+sys_admin,+sys_ptrace,+setuid,+setgid \
		env LD_PRELOAD="$LIB" NSSHIM_PROFILE="user = pid:$mapped; net = pid:$mapped; match = state" \
		"$door" "${way%:*}" "${way#*:}" "$state" ns:net ids
	expect_eq "mapped, $way" "$(ns_of net "$mapped")
uid 34 34 34
gid 45 45 45" "$OUT"
	expect_silent "mapped, $way"
done

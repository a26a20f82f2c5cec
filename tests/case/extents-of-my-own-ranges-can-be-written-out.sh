#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

uid=$(id -u) gid=$(id -g)
if [ -n "$ROOT" ]; then
	start=700000 gstart=710000
else
	start=$(awk -F: -v name="$(id -un)" '$1 == name { print $2; exit }' /etc/subuid)
	gstart=$(awk -F: -v name="$(id -un)" '$1 == name { print $2; exit }' /etc/subgid)
	[ -n "$start" ] || skip "$(id -un) has no ranges in /etc/subuid and /etc/subgid"
fi
rule="user = new
uid_map = 10 $uid 1
uid_map = 0 $start 5
uid_map = 100 $((start + 50)) 7
gid_map = 0 $gid 1
gid_map = 1 $gstart 10"
for way in $WAYS; do
	run shim "match = state; $rule" "$door" "${way%:*}" "${way#*:}" "$state" map:uid map:gid ids
	# In the order in which they were given.
	expect_eq "$way" "10 $uid 1; 0 $start 5; 100 $((start + 50)) 7
0 $gid 1; 1 $gstart 10
uid 10 10 10
gid 0 0 0" "$OUT"
	expect_silent "$way"
done
[ -z "$ROOT" ] || exit "$FAILED"
# A range that is not ours is refused, before anything is entered.
for other in "1 $((start + 65536)) 1" '1 0 1' "1 $start 65537"; do
	for way in execve:direct execve:fork execve:vfork execve:direct+threads posix_spawn:direct; do
		run shim "match = state; user = new; uid_map = 0 $uid 1"$'\n'"uid_map = $other; gid_map = self" \
			"$door" "${way%:*}" "${way#*:}" "$state" args
		expect_like "$other, $way" "^${way%:*}: E[A-Z]+ outside\$" "$OUT"
		expect_line "$other, $way" "^nsshim: \[rule\] .*(subuid|newuidmap)"
	done
done

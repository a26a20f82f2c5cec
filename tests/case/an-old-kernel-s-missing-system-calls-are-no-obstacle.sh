#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# As before Linux 5.3, and before 5.8 and 5.9, as far as a filter can show it.
host=$(ns_of net)
old=clone3:ENOSYS,pidfd_open:ENOSYS,faccessat2:ENOSYS,execveat:ENOSYS,close_range:ENOSYS
hold "${OWN[@]}" --net --uts
join="net = pid:$HELD; uts = pid:$HELD"
[ -n "$ROOT" ] || join="user = pid:$HELD; $join"
for rule in 'net = new' 'user = new; net = new; mnt = new' "$join" "join = pid:$HELD"; do
	for way in $WAYS execvp:fork posix_spawnp:direct; do
		run shim "match = state; $rule" "$PROG/seccomp" "$old" "$door" "${way%:*}" "${way#*:}" "$state" ns:net
		expect_like "$rule, $way" '^net:' "$OUT"
		expect_not "$rule, $way: inside" "$host" "$OUT"
		expect_silent "$rule, $way"
		case $way in raw:*) continue ;; esac
		run shim "match = state; $rule" "$PROG/seccomp" "$old" "$door" "${way%:*}" "${way#*:}" "$T/state"
		expect_eq "$rule, $way, a missing file" "${way%:*}: ENOENT outside" "$OUT"
		expect_silent "$rule, $way, a missing file"
	done
done
for rule in "$join" "join = pid:$HELD"; do
	run shim "match = state; $rule" "$PROG/seccomp" "$old" "$door" execve fork "$state" ns:net ns:uts
	expect_eq "what was joined: $rule" "$(ns_of net "$HELD")"$'\n'"$(ns_of uts "$HELD")" "$OUT"
done

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

hold "${OWN[@]}" --net --uts --mount
join="net = pid:$HELD; uts = /proc/$HELD/ns/uts; mnt = pid:$HELD"
[ -n "$ROOT" ] || join="user = pid:$HELD; $join"
for way in $WAYS; do
	wanted=$("$door" "${way%:*}" "${way#*:}" "$state" fds mask ignored umask pgid sid pdeathsig children 2>&1)
	for rule in 'net = new' 'user = new; mnt = new; uts = new; ipc = new' "$join"; do
		run shim "match = state; $rule" "$door" "${way%:*}" "${way#*:}" "$state" fds mask ignored umask pgid sid pdeathsig children
		expect_eq "$rule, $way" "$(grep -v '/\.\(out\|err\)$\|^fd [12] ' <<<"$wanted")" "$(grep -v '^fd [12] ' <<<"$OUT")"
		expect_silent "$rule, $way"
	done
done

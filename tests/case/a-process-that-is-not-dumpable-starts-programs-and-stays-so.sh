#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# /proc/self/uid_map is root's then; to become dumpable for the moment would open it to be traced.
host=$(ns_of net)
hold --user --map-root-user --net
for rule in 'net = new' 'user = new; net = new; uid_map = self; gid_map = self' "user = pid:$HELD; net = pid:$HELD"; do
	for way in $WAYS; do
		run shim "match = state; $rule" "$door" -d "${way%:*}" "${way#*:}" "$state" ns:net dumpable
		expect_like "$rule, $way" '^net:' "$OUT"
		expect_not "$rule, $way: inside" "$host" "$(sed -n 1p <<<"$OUT")"
		# An exec makes it dumpable again, as it does outside; and door says what its parent lost.
		expect_eq "$rule, $way: it and its parent" 'dumpable 1' "$(sed 1d <<<"$OUT")"
		expect_silent "$rule, $way"
	done
done

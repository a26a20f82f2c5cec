#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

for kind in mnt net ipc uts cgroup time; do
	run inside "$kind = new" "$state" ns:user map:uid
	if [ -n "$ROOT" ]; then
		expect_eq "$kind, root" "$(ns_of user)"$'\n'"0 0 4294967295" "$OUT"
	else
		expect_not "$kind, a user" "$(ns_of user)" "$(sed -n 1p <<<"$OUT")"
		expect_eq "$kind, a user: 0 is me" "0 $(id -u) 1" "$(sed -n 2p <<<"$OUT")"
	fi
	expect_silent "$kind"
done

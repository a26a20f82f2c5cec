#!/bin/bash
# runs: root
. "$(dirname "$0")/../case.sh"

hold --net --uts
printf x >"$T/file"
for mode in direct fork vfork direct+threads; do
	for last in "$T/file" "$T/missing" /proc/$HELD/ns/net; do
		case $last in
		*/missing) wanted=ENOENT ;;
		*) wanted=EINVAL ;; # setns(2): no namespace, or one of another kind
		esac
		run shim "match = state; net = pid:$HELD; uts = pid:$HELD; ipc = $last" "$door" execve $mode "$state"
		expect_eq "$mode, $last" "execve: $wanted outside" "$OUT"
		expect_line "$mode, $last" "^nsshim: \[rule\] ipc: .*$last: .*\($wanted\)"
	done
done

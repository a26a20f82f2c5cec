#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

host=$(ns_of net)
for entry in system popen wordexp; do
	for mode in direct fork direct+threads; do
		run shim 'match = sh; net = new' "$door" $entry $mode "$state" ns:net env:LD_PRELOAD
		expect_like "$entry, $mode: a network" '^net:' "$OUT"
		expect_not "$entry, $mode: a network" "$host" "${OUT%%[$'\n' ]*}"
		expect_like "$entry, $mode: the shim is gone" '\(unset\)$' "$OUT"
		expect_eq "$entry, $mode: exit status" 0 "$RC"
		expect_silent "$entry, $mode"
	done
done

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

for way in $WAYS; do
	run shim 'match = state; net = new' "$door" "${way%:*}" "${way#*:}" "$state" lo
	expect_eq "default, $way" 'lo up' "$OUT"
	run shim 'match = state; net = new; loopback = yes' "$door" "${way%:*}" "${way#*:}" "$state" lo
	expect_eq "yes, $way" 'lo up' "$OUT"
	run shim 'match = state; net = new; loopback = no' "$door" "${way%:*}" "${way#*:}" "$state" lo
	expect_eq "no, $way" 'lo down' "$OUT"
	expect_silent "no, $way"
done

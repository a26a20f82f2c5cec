#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

for way in $WAYS; do
	run shim 'match = state; net = new; ipc = new' "$PROG/seccomp" nnp "$door" "${way%:*}" "${way#*:}" "$state" ns:net
	expect_like "$way" '^net:' "$OUT"
	expect_not "$way" "$(ns_of net)" "$OUT"
	expect_silent "$way"
done

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

{
	for ((i = 0; i < 5000; i++)); do
		echo "[literal-$i]"
		echo "match = program-$i"
		echo "uts = new"
	done
	printf '[first]\nmatch = stat?\nexcept = /else/*\nnet = new\n'
	for ((i = 5000; i < 10000; i++)); do
		echo "[literal-$i]"
		echo "match = program-$i"
		echo "uts = new"
	done
	printf '[second]\nmatch = state\nipc = new\n'
} >"$T/large.ini"
for way in $WAYS; do
	run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$T/large.ini" "$door" "${way%:*}" "${way#*:}" "$state" ns:net ns:ipc
	expect_not "$way: the pattern comes first" "$(ns_of net)" "$(sed -n 1p <<<"$OUT")"
	expect_eq "$way: so the literal one does not decide" "$(ns_of ipc)" "$(sed -n 2p <<<"$OUT")"
	expect_silent "$way"
done
cp "$state" program-9999
run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$T/large.ini" "$door" execve fork "$T/program-9999" ns:net ns:uts
expect_eq 'the last literal: net' "$(ns_of net)" "$(sed -n 1p <<<"$OUT")"
expect_not 'the last literal: uts' "$(ns_of uts)" "$(sed -n 2p <<<"$OUT")"

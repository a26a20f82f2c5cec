#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

for rule in 'net = new' 'mnt = new' 'user = new'; do
	for way in $WAYS; do
		run shim "match = state; $rule; cwd = /usr/bin" "$door" "${way%:*}" "${way#*:}" "$state" cwd
		expect_eq "$rule, $way" 'cwd /usr/bin' "$OUT"
		expect_silent "$rule, $way"
	done
done
for way in $WAYS; do
	run shim 'match = state; mnt = new' "$door" "${way%:*}" "${way#*:}" "$state" cwd
	expect_eq "mnt new keeps it, $way" "cwd $T" "$OUT"
	# Inside, nothing is at that path: as the caller's own errno where nothing was entered yet, by
	# the exit status 126 otherwise; never somewhere else.
	run shim 'match = state; net = new; cwd = /not/there' "$door" "${way%:*}" "${way#*:}" "$state" cwd
	expect_line "$way" '^nsshim: \[rule\] .*/not/there: No such file or directory \(ENOENT\).*'
	expect_like "$way: the line names the key" 'cwd' "$ERR"
	expect_unlike "$way: it did not run" '^cwd ' "$OUT"
	expect_not "$way" 0 "$RC"
done

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

out() { # WHAT WANTED: NSSHIM_LOG never shows on standard output
	expect_eq "$1: standard output" "$2" "$OUT"
}
for way in $WAYS; do
	# Entries are told at info, to descriptor 2, a line each.
	NSSHIM_LOG=info run shim 'match = state; net = new' "$door" "${way%:*}" "${way#*:}" "$state" ns:net
	id=${OUT//[!0-9]/}
	expect_like "$way: a network" '^net:\[[0-9]+\]$' "$OUT"
	expect_line "info, $way" "^nsshim: \[rule\].*net.*$id"
	NSSHIM_LOG=debug run shim 'match = state; net = new' "$door" "${way%:*}" "${way#*:}" "$state" ns:net
	expect_like "debug, $way: each step" "unshare" "$ERR"
	for level in error off ''; do
		NSSHIM_LOG=$level run shim 'match = state; net = new' "$door" "${way%:*}" "${way#*:}" "$state" args
		expect_silent "an entry at '$level', $way"
		out "an entry at '$level', $way" 'arg 0 state'$'\n''arg 1 args'
	done
	# Failures at all levels but off.
	for level in error info debug ''; do
		NSSHIM_LOG=$level run shim "match = state; net = $T/missing" "$door" "${way%:*}" "${way#*:}" "$state" args
		expect_eq "a failure at '$level', $way" 1 "$(grep -c 'ENOENT' <<<"$ERR")"
	done
	NSSHIM_LOG=off run shim "match = state; net = $T/missing" "$door" "${way%:*}" "${way#*:}" "$state" args
	expect_silent "a failure at off, $way"
	# Into a file, which is appended to.
	printf 'before\n' >"$T/log"
	NSSHIM_LOG=info:$T/log run shim 'match = state; net = new' "$door" "${way%:*}" "${way#*:}" "$state" ns:net fds
	expect_silent "a file, $way"
	expect_eq "a file, $way: appended to" before "$(sed -n 1p "$T/log")"
	expect_like "a file, $way" "^nsshim: \[rule\].*net.*$(sed -n '1s/[^0-9]//gp' <<<"$OUT")" "$(sed -n 2p "$T/log")"
	expect_eq "a file, $way: lines" 2 "$(wc -l <"$T/log")"
	expect_unlike "a file, $way: no descriptor of it is left" "$T/log" "$OUT"
	# Never through a symbolic link.
	: >"$T/elsewhere"
	ln -sf elsewhere "$T/link"
	NSSHIM_LOG=info:$T/link run shim 'match = state; net = new' "$door" "${way%:*}" "${way#*:}" "$state" args
	expect_eq "a link, $way: nothing written" '' "$(cat "$T/elsewhere")"
	out "a link, $way" 'arg 0 state'$'\n''arg 1 args'
done
# What is not matched is no entry.
NSSHIM_LOG=info run shim 'match = other; net = new' "$door" execve fork "$state" ns:net
expect_silent 'not matched'

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

rules=$(profile 'match = state; net = new')
for what in 'echo "nett = 1" >>"$1"' 'rm "$1"'; do
	profile 'match = state; net = new' >/dev/null
	run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$rules" \
		sh -c "$what"'; ls /; echo "status $?"; NSSHIM_PROFILE=none sh -c :; "$0" args' "$state" "$rules"
	expect_like "$what: a program that was to watch" 'status 125' "$OUT"
	expect_like "$what: the file is named" "nsshim: .*$rules" "$ERR"
done

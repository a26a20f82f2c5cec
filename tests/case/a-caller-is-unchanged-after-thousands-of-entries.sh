#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

target=$(type -P true)
for rule in 'match = true; net = new; loopback = no' 'match = true; user = new; uts = new; mnt = new' \
	'match = nothing; net = new' 'net = new; loopback = no; ipc = new'; do
	count=1000
	case $rule in *net*new*ipc*) count=200 ;; esac
	run shim "$rule" "$PROG/unchanged" $count "$target"
	expect_eq "$rule" unchanged "$OUT"
	expect_eq "$rule: exit status" 0 "$RC"
	expect_silent "$rule"
done
# A large environment does not fit the stack of a child.
# shellcheck disable=SC2046 # words on purpose
export $(seq -f 'A_VARIABLE_%.0f=of_some_length_of_some_length' 1500)
run shim 'match = true; uts = new' "$PROG/unchanged" 200 "$target"
expect_eq 'a large environment' unchanged "$OUT"
expect_silent 'a large environment'

hold "${OWN[@]}" --net --uts
join="net = pid:$HELD; uts = pid:$HELD"
[ -n "$ROOT" ] || join="user = pid:$HELD; $join"
run shim "match = true; $join" "$PROG/unchanged" 300 "$target"
expect_eq 'joins' unchanged "$OUT"
expect_silent 'joins'
# A hundred failures leave nothing behind either.
run shim "match = true; uts = new; net = $T/missing" "$PROG/unchanged" 100 "$target"
expect_unlike 'failures' 'changed:' "$OUT"

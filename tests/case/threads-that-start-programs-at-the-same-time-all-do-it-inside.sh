#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

hold "${OWN[@]}" --net
join="net = pid:$HELD"
[ -n "$ROOT" ] || join="user = pid:$HELD; $join"
for rule in 'net = new; loopback = no' 'user = new; uts = new; net = new; loopback = no' "$join"; do
	run shim "match = state; $rule" "$PROG/storm" 8 60 "$state" "not-in:$(ns_of net)"
	expect_eq "$rule" '0 of 480 went wrong' "$OUT"
	expect_silent "$rule"
done
run shim 'match = nothing; net = new' "$PROG/storm" 8 60 "$(type -P true)"
expect_eq 'not matched' '0 of 480 went wrong' "$OUT"
# Each failure is its own: a line and an errno a call.
run shim "match = state; net = $T/missing" "$PROG/storm" 4 15 "$state"
expect_eq 'failures' '60 of 60 went wrong' "$(tail -n 1 <<<"$OUT")"
expect_eq 'failures: lines' 60 "$(grep -c '^nsshim: \[rule\] net: .*(ENOENT)' <<<"$ERR")"

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

host=$(ns_of net)
for rule in 'net = new' 'user = new; net = new' 'user = new; mnt = new; net = new; time = new'; do
	for way in raw:fork raw:direct system:direct posix_spawn:direct; do
		run env LD_PRELOAD="$LIB $PROG/early.so" EARLY_THREAD=1 NSSHIM_PROFILE="$(profile "match = state; $rule")" \
			"$door" "${way%:*}" "${way#*:}" "$state" ns:net env:EARLY_THREAD args exit:4
		expect_eq "$rule, $way: what it is given" "1
arg 0 state
arg 1 ns:net
arg 2 env:EARLY_THREAD
arg 3 args
arg 4 exit:4" "$(sed "1d; s|^arg 0 .*/state|arg 0 state|" <<<"$OUT")"
		expect_like "$rule, $way" '^net:' "$OUT"
		expect_not "$rule, $way: inside" "$host" "$(sed -n 1p <<<"$OUT")"
		expect_eq "$rule, $way: exit status" 4 "$RC"
		expect_silent "$rule, $way"
	done
done

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# Every process reads it anew: the shell has read the old one, which leaves all programs outside.
host=$(ns_of uts)
for size in small large; do
	more=
	[ $size = small ] || more=$(for ((i = 0; i < 1000; i++)); do printf '[%s]\nmatch = nobody-%s\n' $i $i; done)
	printf '%s\n[r]\nmatch = nobody\nuts = new\n' "$more" >old.ini
	printf '%s\n[r]\nmatch = state\nuts = new\n' "$more" >new.ini
	for change in 'cat new.ini >rules.ini' 'cp new.ini put && mv put rules.ini' 'NSSHIM_PROFILE=none cp new.ini rules.ini'; do
		cp old.ini rules.ini
		run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$T/rules.ini" \
			bash -c '"$0" ns:uts; '"$change"'; env "$0" ns:uts; bash -c "\"\$0\" ns:uts; :" "$0"' "$state"
		expect_eq "$size, $change: before" "$host" "$(sed -n 1p <<<"$OUT")"
		for line in 2 3; do
			expect_like "$size, $change: after, $line" '^uts:' "$(sed -n ${line}p <<<"$OUT")"
			expect_not "$size, $change: after, $line" "$host" "$(sed -n ${line}p <<<"$OUT")"
		done
		expect_silent "$size, $change"
	done
done

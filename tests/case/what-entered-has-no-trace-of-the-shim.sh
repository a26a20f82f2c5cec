#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

for way in $WAYS; do
	run env -i A=1 NSSHIM_LOG=off LD_PRELOAD="$LIB" B=2 NSSHIM_PROFILE='match = state; net = new' C=3 \
		"$door" "${way%:*}" "${way#*:}" "$state" env
	expect_eq "$way: its environment" 'A=1
B=2
C=3' "$OUT"
	# Other libraries stay, in place and order.
	for list in "$PROG/other.so $LIB $PROG/third.so" "$PROG/other.so:$LIB:$PROG/third.so" \
		"$LIB $PROG/other.so $PROG/third.so" "$PROG/other.so  $PROG/third.so:$LIB"; do
		run env -i LD_PRELOAD="$list" A=1 NSSHIM_PROFILE='match = state; net = new' \
			"$door" "${way%:*}" "${way#*:}" "$state" env
		left=$(sed -n 's/^LD_PRELOAD=//p' <<<"$OUT" | tr -s ': ' '\n' | grep .)
		expect_eq "$way, $list" "$PROG/other.so
$PROG/third.so" "$left"
		expect_silent "$way, $list"
	done
done
# It and what it starts are left alone from then on.
run shim 'net = new; ipc = new' env sh -c 'readlink /proc/self/ns/net; sh -c "readlink /proc/self/ns/net"; "$0" ns:net env:LD_PRELOAD' "$state"
expect_eq 'one network for all of them' 1 "$(sed 3q <<<"$OUT" | sort -u | wc -l)"
expect_not 'inside' "$(ns_of net)" "$(sed -n 1p <<<"$OUT")"
expect_eq 'no preload' '(unset)' "$(sed -n 4p <<<"$OUT")"

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

for text in '' '# nothing' '; nothing'; do
	printf '%s\n' "$text" >"$T/empty.ini"
	for way in $WAYS; do
		run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$T/empty.ini" "$door" "${way%:*}" "${way#*:}" "$state" ns:net
		expect_eq "'$text', $way" "$(ns_of net)" "$OUT"
		expect_silent "'$text', $way"
	done
done
: >"$T/empty.ini"
run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$T/empty.ini" "$door" execve fork "$state" ns:net
expect_eq 'an empty file' "$(ns_of net)" "$OUT"

#!/bin/bash
# runs: root
. "$(dirname "$0")/../case.sh"

# Of the table of make matrix those that are quick: whatever is there has its program entered.
run env BUILD="$BUILD" bash "$TESTS/matrix/run" dash bash make ninja cmake ctest python perl awk sed xargs find env nice timeout setpriv strace git
expect_eq 'its end' 0 "$RC"
expect_silent 'it'
expect_eq 'not entered' '' "$(grep -vE '\| (yes +\| (exec|spawn|load) +|not here +\| +)\|' <<<"$OUT" | sed 1,2d)"
[ "$(grep -c '| yes ' <<<"$OUT")" -ge 20 ] || fail "too few are there: $OUT"

# The README has a line of each.
while IFS=$'\t' read -r name _; do
	case $name in '#'* | '') continue ;; esac
	grep -qF "| $name | yes |" "$TESTS/../README.md" || fail "the README does not tell of $name"
done <"$TESTS/matrix/table"

#!/bin/bash
# runs: root
. "$(dirname "$0")/../case.sh"

# Of the table of make matrix those that are quick: whatever is there has its program entered.
run env BUILD="$BUILD" "$TESTS/matrix/run" --untimed dash bash make ninja cmake ctest python perl awk sed xargs find env nice timeout setpriv strace git
expect_eq 'its end' 0 "$RC"
expect_silent 'it'
expect_eq 'not entered' '' "$(grep -vE '\| (yes \| (exec|spawn|load)|no \| [a-z][^|]+|not here \| [^|]+) \| +\|$' <<<"$OUT" | sed 1,2d)"
[ "$(grep -c '| yes ' <<<"$OUT")" -ge 20 ] || fail "too few are there: $OUT"

# The README has a row of each, in this order, and of nothing else: the door and the time, or why not.
awk -F '\t' '/^#/ { next } { print "| " $1 " | " ($4 ? "no | " $4 " | |" : "yes |") }' "$TESTS/matrix/table" >wanted
sed -n '/<!-- make matrix -->/,/<!-- end -->/p' "$TESTS/../README.md" | grep '^|' | sed -E '1,2d; s/(\| yes \|) (exec|spawn|load|image) \| .*[0-9].* \|$/\1/' >shown
expect_eq 'the table of the README' "$(cat wanted)" "$(cat shown)"

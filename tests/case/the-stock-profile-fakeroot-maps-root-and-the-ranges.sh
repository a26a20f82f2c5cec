#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

use_stock fakeroot

name=$(id -un)
run stock env "$state" map:uid map:gid ids
if ! grep -q -e "^$name:" -e "^$(id -u):" /etc/subuid || ! grep -q -e "^$name:" -e "^$(id -u):" /etc/subgid; then
	expect_eq 'without a range: nothing runs' '' "$OUT"
	expect_like 'without a range' "nsshim: \[root\] user: .*/etc/sub.id.*add a line such as $name:100000:65536" "$ERR"
	skip_part "this user has no range in /etc/subuid"
	exit "$FAILED"
fi
expect_silent 'the maps'
expect_like 'the maps' "^0 $(id -u) 1" "$OUT"
expect_like 'the ids' $'uid 0 0 0\ngid 0 0 0$' "$OUT"

# A file can be given to another id, and that is one of the range outside.
touch file
run stock sh -c 'chown 5:7 file && stat -c "%u %g" file'
expect_silent 'chown'
expect_eq 'chown' '5 7' "$OUT"
first() { # FILE
	sed -n "s/^\($name\|$(id -u)\):\([0-9]*\):.*/\2/p;T;q" "$1"
}
expect_eq 'chown, from outside' "$(($(first /etc/subuid) + 4)) $(($(first /etc/subgid) + 6))" "$(stat -c '%u %g' file)"
stock sh -c 'rm file'

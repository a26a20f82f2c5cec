#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

use_stock offline

mkdir bin
cp "$state" bin/compile
cp "$state" bin/curl
printf '#!/bin/sh\ncurl ns:net\n' >bin/configure
chmod 755 bin/configure
PATH=$T/bin:$PATH
host=$(ns_of net)

printf 'all:\n\t@compile ns:net lo\n\t@true; compile ns:net lo\n' >Makefile
run stock make
expect_eq 'make: exit status' 0 "$RC"
expect_silent 'make'
for line in 1 3; do
	expect_like "what make starts, line $line" '^net:' "$(sed -n ${line}p <<<"$OUT")"
	expect_not "what make starts, line $line" "$host" "$(sed -n ${line}p <<<"$OUT")"
	expect_eq "what make starts, line $line" 'lo up' "$(sed -n $((line + 1))p <<<"$OUT")"
done
for shell in sh bash make; do
	printf 'all:\n\t@true; curl ns:net\n' >Makefile
	words=(-c 'true; curl ns:net')
	[ $shell != make ] || words=()
	run stock "$shell" "${words[@]}"
	expect_eq "what may fetch, from $shell" "$host" "$OUT"
	expect_silent "what may fetch, from $shell"
done
run stock sh -c 'true; configure'
expect_like 'what a script runs' '^net:' "$OUT"
expect_not 'what a script runs' "$host" "$OUT"
expect_silent 'what a script runs'

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

mapfile -t example < <(sed -n 's/^\.Dl //p' "$TESTS/../shim/libnsshim.7")
expect_eq 'how many there are' 4 ${#example[@]}
mkdir -p config/nsshim tests
cp "$TESTS/../examples/own-net.ini" config/nsshim
# The number of a network that has gone may be given to the next: none goes before all are there.
meet='readlink /proc/self/ns/net; echo >>came; until [ $$(wc -l <came) -ge 4 ]; do sleep .01; done'
printf '%s\n' 'all: 1 2 3 4' '1 2 3 4:' $'\t@'"$meet" 'check:' $'\t@./tests/one; ./other' >Makefile
cp "$(command -v readlink)" other
cat >tests/one <<'END'
#!/bin/sh
readlink /proc/self/ns/net
END
chmod 755 tests/one
sed -i 's,\./other,& /proc/self/ns/net,' Makefile
# The library is found by its name, as in the examples.
example() { # NUMBER
	run env LD_LIBRARY_PATH="$BUILD" XDG_CONFIG_HOME="$T/config" sh -c "${example[$1 - 1]}"
	expect_eq "${example[$1 - 1]}: exit status" 0 "$RC"
}
host=$(ns_of net)

rm config/nsshim/*.ini
example 1
expect_silent 'make -j4'
expect_unlike 'make -j4' "${host//[[\]]/.}" "$OUT"
expect_eq 'make -j4: how many networks' 4 "$(grep '^net:' <<<"$OUT" | sort -u | wc -l)"

cp "$TESTS/../examples/own-net.ini" config/nsshim
example 2
expect_silent 'own-net'
expect_not 'own-net: the test' "$host" "$(sed -n 1p <<<"$OUT")"
expect_eq 'own-net: another program' "$host" "$(sed -n 2p <<<"$OUT")"

example 3 <<<"readlink /proc/self/ns/uts; ${example[3]} 1"
expect_line 'uts' '^nsshim: \[inline\] entered uts.*: .*uts:\[[0-9]+\]$'
expect_not 'uts' "$(ns_of uts)" "$(sed -n 1p <<<"$OUT")"
expect_eq 'none' "$host" "$(sed -n 2p <<<"$OUT")"

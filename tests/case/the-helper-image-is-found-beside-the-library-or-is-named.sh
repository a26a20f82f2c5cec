#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

host=$(ns_of net)
mkdir -p inst/lib inst/bin
cp "$LIB" inst/lib/
cp "$NSSHIM" inst/lib/
rules=$(profile 'match = state; user = new; net = new')
try() { # LIBRARY
	run env LD_PRELOAD="$1" NSSHIM_PROFILE="$rules" "$door" execve direct+threads "$state" ns:net
}
try "$T/inst/lib/libnsshim.so"
expect_not 'beside the library' "$host" "$OUT"
expect_like 'beside the library' '^net:' "$OUT"
expect_silent 'beside the library'
rm inst/lib/nsshim
if [ -x /usr/local/bin/nsshim ]; then
	try "$T/inst/lib/libnsshim.so"
	expect_like 'installed' '^net:' "$OUT"
	skip_part 'nsshim is installed on this machine: it cannot be missed'
	exit "$FAILED"
fi
try "$T/inst/lib/libnsshim.so"
expect_eq 'missing' 'execve: ENOENT outside' "$OUT"
expect_line 'missing' '^nsshim: .*nsshim.*: No such file or directory \(ENOENT\): .*/usr/local/bin'
# What needs none does without.
run env LD_PRELOAD="$T/inst/lib/libnsshim.so" NSSHIM_PROFILE="$rules" "$door" execve fork "$state" ns:net
expect_like 'not needed' '^net:' "$OUT"
expect_silent 'not needed'

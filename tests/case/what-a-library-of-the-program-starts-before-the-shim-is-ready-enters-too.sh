#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# Constructors run from the last library of LD_PRELOAD to the first: this one before the shim's.
host=$(ns_of net)
rules=$(profile 'match = state; net = new')
run env LD_PRELOAD="$LIB $PROG/early.so" EARLY="$state" NSSHIM_PROFILE="$rules" "$door" execve fork "$state" ns:net
expect_eq 'how many ran' 3 "$(grep -c '^net:' <<<"$OUT")"
expect_eq 'how many outside' 0 "$(grep -cxF "$host" <<<"$OUT")"
expect_silent 'it'

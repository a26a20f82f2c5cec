#!/bin/bash
# runs: user
. "$(dirname "$0")/../case.sh"

# What enters in place needs no process.
run shim 'match = state; net = new' prlimit --nproc=1:1 "$door" execve direct "$state" ns:net
expect_like 'in place' '^net:' "$OUT"
expect_not 'in place' "$(ns_of net)" "$OUT"
expect_silent 'in place'
# newuidmap is one.
run shim 'match = state; user = new; uid_map = auto; gid_map = auto' prlimit --nproc=1:1 "$door" execve direct "$state" ns:user
expect_line 'auto' '^nsshim: \[rule\] .*Resource temporarily unavailable \(EAGAIN\): .*(RLIMIT_NPROC|ulimit -u)'
expect_eq 'auto' 'execve: EAGAIN outside' "$OUT"

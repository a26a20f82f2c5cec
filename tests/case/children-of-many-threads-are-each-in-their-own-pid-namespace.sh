#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# SOAK: how many children (make soak: 20,000). What is left of them, a first process of a namespace
# say, comes to `reap`, which names it.
many=${SOAK:-3000}
mkdir programs
for name in in other out; do
	ln -s "$PROG/pid-storm" "programs/$name"
done
maps='uid_map = self
gid_map = self'
rules=$(profile "[own pid namespace]
match = in
pid = new
mnt = new
$maps
[another]
match = other
uts = new
$maps")
for threads in 1 4 16; do
	run "$PROG/reap" 280 env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$rules" "$PROG/pid-storm" "$threads" "$many" "$T/programs"
	expect_eq "$threads threads" "0 of $((many / threads * threads)) went wrong" "$OUT"
	expect_eq "$threads threads: exit status (99: processes are left)" 0 "$RC"
	expect_eq "$threads threads: standard error" '' "$(head -n 5 <<<"$ERR")"
done

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

printf 'all: 1 2 3 4\n1 2 3 4:\n\t@"$(state)" bind:8080 ns:net\n' >Makefile
export state
# In a network of this test's own: others may use the port outside.
run unshare "${OWN[@]}" --net sh -c 'ip link set lo up && exec make -j4'
expect_eq 'without the shim, one of four has it' 1 "$(grep -c 'bind ok' <<<"$OUT")"
run env HOME="$T" LD_PRELOAD="$LIB" NSSHIM_PROFILE='net = new; ipc = new; uid_map = self; gid_map = self' make -j4
expect_eq 'with it, all of them' 4 "$(grep -c 'bind ok' <<<"$OUT")"
expect_eq 'in four networks' 4 "$(grep '^net:' <<<"$OUT" | sort -u | wc -l)"
expect_silent 'with it'
# As the names of leaf programs, with sh and make outside, which go on watching.
printf 'all: 1 2\n1 2:\n\t@$(MAKE) -s -f $(T)/Makefile deeper\ndeeper:\n\t@"$(state)" ns:net; "$(state)" ns:net\n' >Makefile
export T
run shim 'match = */state; net = new' make -s -j4
expect_eq 'leaf programs: how many' 4 "$(grep -c '^net:' <<<"$OUT")"
expect_eq 'leaf programs: how many outside' 0 "$(grep -cxF "$(ns_of net)" <<<"$OUT")"

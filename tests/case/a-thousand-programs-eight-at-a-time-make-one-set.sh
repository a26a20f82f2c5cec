#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

own_sets
run shim 'match = */state; net = new; ipc = new; uid_map = self; gid_map = self; share = one' \
	sh -c 'seq 1000 | xargs -P 8 -I N "$0" ns:net ns:ipc' "$state"
expect_silent 'a thousand'
expect_eq 'how many programs' 2000 "$(wc -l <<<"$OUT")"
expect_eq 'how many networks' 1 "$(grep ^net: <<<"$OUT" | sort -u | wc -l)"
expect_eq 'how many ipc namespaces' 1 "$(grep ^ipc: <<<"$OUT" | sort -u | wc -l)"
expect_not 'not that outside' "$(ns_of net)" "$(grep ^net: <<<"$OUT" | sort -u)"
expect_no_sets 'afterwards'
# Whoever comes first makes it, and is there more than one first.
for i in 1 2 3 4 5 6 7 8; do
	run shim 'match = */state; net = new; share = one' sh -c '"$0" ns:net & "$0" ns:net & "$0" ns:net & wait' "$state"
	expect_eq "first at once, $i: how many networks" 1 "$(sort -u <<<"$OUT" | wc -l)"
	expect_eq "first at once, $i: how many programs" 3 "$(wc -l <<<"$OUT")"
	expect_silent "first at once, $i"
done
expect_no_sets 'of those that were first at once'

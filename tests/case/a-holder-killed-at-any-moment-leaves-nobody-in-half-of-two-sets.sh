#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

own_sets
# Kills what holds a set again and again, at moments that nobody chose. The namespaces are kept open,
# so that none has the number of an earlier one.
killer() {
	local i pid kind fd
	while [ ! -e over ]; do
		for pid in $(holders); do
			kill -STOP "$pid"
			for kind in net ipc uts; do
				# shellcheck disable=SC2034 # held, and no more
				exec {fd}<"/proc/$pid/ns/$kind"
			done
			kill -KILL "$pid"
		done
		for ((i = RANDOM % 300; i; i--)); do :; done
	done 2>/dev/null
}
killer &
run shim 'match = */state; net = new; ipc = new; uts = new; uid_map = self; gid_map = self; share = one' \
	sh -c 'seq 600 | xargs -P 8 -I N "$0" ns:net ns:ipc ns:uts | paste -d " " - - -' "$state"
touch over
wait
# Members that print at the same time mix their lines, so of each kind there are as many as of each.
expect_silent 'killed'
expect_eq 'exit status' 0 "$RC"
kinds() { tr ' ' '\n' <<<"$OUT" | grep "^$1:"; }
for kind in net ipc uts; do
	expect_eq "how many were started: $kind" 600 "$(kinds $kind | wc -l)"
	expect_eq "how many outside: $kind" 0 "$(kinds $kind | grep -cxF "$(ns_of $kind)")"
done
sets=$(kinds net | sort -u | wc -l)
expect_eq 'as many ipc namespaces as networks' "$sets" "$(kinds ipc | sort -u | wc -l)"
[ "$sets" -gt 1 ] || fail "none was killed in time: $sets set"
pairs=$(tr ' ' '\n' <<<"$OUT" | paste -d ' ' - - - | sort -u | wc -l)
expect_eq 'as many whole sets as networks' "$sets" "$pairs"
# What a killed one has left the next takes away, of whatever tree it is.
rm -f over
run shim 'match = */state; net = new; share = another' sh -c '"$0" ns:net; true' "$state"
expect_no_sets 'afterwards'

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

host=$(ns_of net)
for text in 'net = new' 'net=new' 'net=new; ipc=new' 'match = state; net = new; loopback = no' \
	'net = new; match = nothing; match = state' "net = new ; uid_map = self ; gid_map = self;"; do
	for way in $WAYS; do
		run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$text" "$door" "${way%:*}" "${way#*:}" "$state" ns:net
		expect_like "$text, $way" '^net:' "$OUT"
		expect_not "$text, $way" "$host" "$OUT"
		expect_silent "$text, $way"
	done
done
run env LD_PRELOAD="$LIB" NSSHIM_PROFILE='match = other; net = new' "$door" execve fork "$state" ns:net
expect_eq 'another match' "$host" "$OUT"
run env LD_PRELOAD="$LIB" NSSHIM_PROFILE='net = new; nett = new' "$door" execve fork "$state" ns:net
expect_eq 'a bad key: exit status' 125 "$RC"
expect_line 'a bad key' "^nsshim: .*nett: .*net"

run env LD_PRELOAD="$LIB" NSSHIM_PROFILE=none "$door" execve fork "$state" ns:net
expect_eq 'none' "$host" "$OUT"
expect_silent 'none'
# The way out for one command and what it starts, from a shell below the shim. The command itself
# is still judged by the tree's profile, so it is one that no rule names.
run shim 'match = state; net = new' sh -c 'NSSHIM_PROFILE=none sh -c "\"$0\" ns:net; sh -c \"\\\"$0\\\" ns:net\""; "$0" ns:net' "$state"
expect_eq 'none, below: outside' "$host"$'\n'"$host" "$(sed 2q <<<"$OUT")"
expect_not 'and the next command is inside' "$host" "$(sed -n 3p <<<"$OUT")"
expect_silent 'none, below'
# Another profile, for one command and what it starts.
other=$(profile 'match = state; ipc = new' "$T/other.ini")
run shim 'match = state; net = new' sh -c 'NSSHIM_PROFILE=$1 sh -c "\"$0\" ns:net ns:ipc" "$0"; "$0" ns:ipc' "$state" "$other"
expect_eq 'another: not by the old' "$host" "$(sed -n 1p <<<"$OUT")"
expect_not 'another: by the new' "$(ns_of ipc)" "$(sed -n 2p <<<"$OUT")"
expect_eq 'another: used up' "$(ns_of ipc)" "$(sed -n 3p <<<"$OUT")"
expect_silent 'another'

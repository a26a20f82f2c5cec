#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

own_sets
# In one profile, rules of one name ask for the same, or the profile is refused.
pair() { # FIRST SECOND: of rules that both share `one`
	run shim "[a]"$'\n'"match = */door"$'\n'"share = one"$'\n'"${1//; /$'\n'}"$'\n'"[b]"$'\n'"match = */state"$'\n'"share = one"$'\n'"${2//; /$'\n'}" \
		sh -c '"$0" execve fork "$1" ns:net; "$1" ns:net; true' "$door" "$state"
}
pair 'net = new' 'net = new; cwd = /'
expect_silent 'the same'
expect_eq 'two rules, one set' 2 "$(grep -c net: <<<"$OUT")"
# The first enters door, which then starts what is left alone.
expect_eq 'and that is one' 1 "$(sort -u <<<"$OUT" | wc -l)"
while IFS='|' read -r first second; do
	pair "$first" "$second"
	expect_eq "$first | $second: exit status" 125 "$RC"
	expect_like "$first | $second" 'rules.ini:[0-9]+: share: (of line [0-9]+: )?another set than that of this name in \[a\]' "$ERR"
done <<'END'
net = new|net = new; ipc = new
net = new|ipc = new
net = new|net = new; loopback = no
net = new|net = new; fallback = none
net = new|net = new; uid_map = self
net = new|net = new; share-keep = 5
net = new; user = new; uid_map = 0 5 1|net = new; user = new; uid_map = 0 6 1
net = new; uts = /proc/1/ns/uts|net = new; uts = /proc/2/ns/uts
END
# Of two profiles in one tree, each has its own.
run shim 'match = */state; net = new; share = one' sh -c '"$0" ns:net; NSSHIM_PROFILE="match = */state; net = new; ipc = new; share = one" env sh -c "\"$0\" ns:net; true"; true' "$state"
expect_eq 'two profiles, two sets' 2 "$(sort -u <<<"$OUT" | wc -l)"
expect_silent 'two profiles'
expect_no_sets 'afterwards'
# What was started past the library without a variable of the shim's cannot know its tree.
run env HOME="$T" LD_PRELOAD="$LIB" NSSHIM_PROFILE= "$door" execve fork "$state" ns:net
mkdir -p .config/nsshim
printf '[rule]\nmatch = */state\nnet = new\nshare = one\n' >.config/nsshim/default.ini
run env -u NSSHIM_PROFILE HOME="$T" LD_PRELOAD="$LIB" "$door" raw fork "$state" ns:net
expect_like 'no tree is known' 'nsshim: \[rule\] share one: .*set NSSHIM_PROFILE' "$ERR"
run env -u NSSHIM_PROFILE HOME="$T" LD_PRELOAD="$LIB" "$door" execve fork "$state" ns:net
expect_silent 'it is known at the other doors'
expect_not 'who are inside' "$(ns_of net)" "$OUT"
expect_no_sets 'at the end'

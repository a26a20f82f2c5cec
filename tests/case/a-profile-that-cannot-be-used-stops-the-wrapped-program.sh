#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

bad() { # TEXT REGEX...: each fits a line of its own, in their order, and there is no other
	local text=$1 file i=0 line
	shift
	file=$(profile "$text")
	run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$file" "$state" args
	expect_eq "$text: exit status" 125 "$RC"
	expect_eq "$text: nothing ran" '' "$OUT"
	expect_eq "$text: how many lines" $# "$(wc -l <<<"$ERR")"
	while read -r line; do
		i=$((i + 1))
		[ $# = 0 ] || expect_like "$text: line $i" "^nsshim: $file:$1" "$line"
		[ $# = 0 ] || shift
	done <<<"$ERR"
}

bad $'[a]\nnett = new' '2: nett: .*net'
bad $'[a]\nnet = newish' '2: net: '
bad $'[a]\nnet = relative/path' '2: net: '
bad $'[a]\nnet = pid:0' '2: net: '
bad $'[a]\nnet = pid:x' '2: net: '
bad $'[a]\nuts = netns:vpn' '2: uts: '
bad $'[a]\nnet = netns:../x' '2: net: '
bad $'[a]\npid = new' '2: pid: '
bad $'[a]\nnet = new\nnet = new' '3: net: '
bad $'[a]\nnet = new\n[a]\nnet = new' '3: '
bad $'[a]\nnet = new\n[b]\n[a]' '4: '
bad $'[a]\nloopback = on' '2: loopback: '
bad $'[a]\nfallback = yes' '2: fallback: '
bad $'[a]\non_error = ignore' '2: on_error: '
bad $'[a]\nsetgroups = yes' '2: setgroups: '
bad $'[a]\ncwd = here' '2: cwd: '
bad $'[a]\nuid_map = 0 1000 1\nuid_map = 0 2000 1' '3: uid_map: .*0 1000 1.*0 2000 1|3: uid_map: .*0 2000 1.*0 1000 1'
bad $'[a]\nuid_map = 0 1000 10\nuid_map = 20 1009 1' '3: uid_map: '
bad $'[a]\nuid_map = 0 4294967295 2' '2: uid_map: '
bad $'[a]\ngid_map = 0 0 0' '2: gid_map: '
bad $'[a]\ngid_map = 0 -1 1' '2: gid_map: '
bad $'[a]\ngid_map = 0 +1 1' '2: gid_map: '
bad $'[a]\ngid_map = 0 1' '2: gid_map: '
bad $'[a]\ngid_map = me' '2: gid_map: '
bad $'net = new\n[a]\nnet = new' '1: net: '
# All that is wrong is told, not the first alone; what is below a header that is refused is not.
bad $'[a]\nnett = new\nloopback = on\n[b]\ncwd = x\n[a]\nanything = 1\n[c]\nmnt = pid:-1' \
	'2: nett: ' '3: loopback: ' '5: cwd: ' '6: ' '9: mnt: '
# What inih would cut or split.
bad "[a]"$'\n'"net = /$(printf 'x%.0s' {1..300})" '2: '
bad "[a]"$'\n'"match = $(printf 'x%.0s' {1..185})               net = new" '2: '
bad "[$(printf 'x%.0s' {1..60})]"$'\n''net = new' '1: '
bad $'[a]\nnet = new\n  uts = new' '3: '
printf '[a]\nmatch = x\0y\nnet = new\n' >"$T/nul.ini"
run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$T/nul.ini" "$state" args
expect_eq 'a NUL byte' 125 "$RC"
expect_line 'a NUL byte' "^nsshim: $T/nul.ini:2: "

# What is no regular file.
mkfifo fifo
for path in "$T" "$T/fifo" /dev/null; do
	run timeout 5 env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$path" "$state" args
	expect_eq "$path: exit status" 125 "$RC"
	expect_like "$path: its name" "^nsshim: .*$path" "$ERR"
done

# A log level that there is not is no profile, but tells itself.
run env LD_PRELOAD="$LIB" NSSHIM_PROFILE=none NSSHIM_LOG=loud "$state" args
expect_like 'NSSHIM_LOG=loud' 'NSSHIM_LOG.*loud' "$ERR"

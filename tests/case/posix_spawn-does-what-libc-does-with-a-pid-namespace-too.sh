#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"
# shellcheck source=/dev/null
. "$TESTS/spawn-table.sh"

# Where a rule may want another process to be the program, what a process does for itself (to lead a
# session, a group, a terminal) waits until it is known which one that is.
pid='pid = new; mnt = new; uts = new; uid_map = self; gid_map = self'

# To who looks at /proc, a session's own terminal has its name and not that of /dev/tty.
stated='setsid-with-open-tty'
still='setsid-with-opens'

compare() { # WHAT [ROWS] [WORDS]: without these rows, and these words of the children
	local file
	for file in libc shim; do
		cp "$file.all" "$file"
		sed -Ei "/^($stated|$still${2:+|$2}):/d${3:+; s/ ($3)=[a-z0-9]+//g}" "$file"
	done
	same "$1"
}

spawn() { # MODE PROFILE
	outcome "$1" LD_PRELOAD="$LIB" NSSHIM_PROFILE="$2" >shim.all
	expect_like "$2: some of the calls start something" '^1[0-9][0-9] children' "$COUNT"
}

for mode in '' vfork; do
	outcome "$mode" >libc.all
	spawn "$mode" 'match = /none/*; uts = new; pid = new; mnt = new'
	expect_like "$mode: not entered" ' 0 entered' "$COUNT"
	compare "$mode: not entered"

	spawn "$mode" "$(profile $'[one]\nmatch = /none/*\npid = new\nmnt = new\n[two]\nuts = new\nuid_map = self\ngid_map = self')"
	expect_like "$mode: another rule has a pid namespace" '^([0-9]+) children, \1 entered' "$COUNT"
	compare "$mode: another rule has a pid namespace"

	# Of a group that is not there inside a child cannot say whether it is in the foreground.
	spawn "$mode" "$pid"
	expect_like "$mode: entered" '^([0-9]+) children, \1 entered' "$COUNT"
	compare "$mode: entered" '' foreground
done

# Root comes there from a fresh image: it has the parent's answer given already where an exec fails
# that nobody foresaw; and what its parent knows is the monitor, who leads for the program.
late='nsshim|(by-path-)?(text|empty-file|broken|busy)' # and it says so
if [ -n "$ROOT" ]; then
	outcome '' >libc.all
	spawn '' "user = new; uts = new; uid_map = self; gid_map = self"
	compare 'by a fresh image' "$late"
	spawn '' "user = new; $pid"
	compare 'by a fresh image into a pid namespace' "$late" 'group|session|foreground'
fi

# The descriptor of a child takes one, which libc does not wait for either.
sed -Ei 's, spawn(p?)=, pidfd\1=,; / fill | null-pid | oldp?=/d' table
for rule in '' 'match = /none/*; uts = new' 'match = /none/*; uts = new; pid = new; mnt = new' "$pid"; do
	if [ -z "$rule" ]; then
		outcome '' >libc.all
		continue
	fi
	spawn '' "$rule"
	compare "pidfd_spawn, $rule" '' foreground
done

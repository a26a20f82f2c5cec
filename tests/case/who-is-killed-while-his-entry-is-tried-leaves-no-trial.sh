#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

own_sets
rule='match = state; share = one; user = new; mnt = new; tmpfs = /mnt'
trials() {
	pgrep -f -- "^nsshim --try $T/"
}
await_trials() { # 0|1: none, or one
	local i
	for ((i = 0; i < 250; i++)); do
		[ "$(trials | wc -l)" != "$1" ] || return 0
		sleep 0.02
	done
	fail "trials: $(trials | wc -l), not $1"
}
run shim "$rule" "$door" execve direct "$state"
expect_silent 'not in the way'
expect_no_sets 'not in the way'

# Whoever else makes the set, and never comes to an end with that.
python3 -c '
import fcntl, os, sys
lock = open(sys.argv[1], "r+")
fcntl.lockf(lock, fcntl.LOCK_EX)
os.set_inheritable(lock.fileno(), True)
os.execvp("sleep", ["sleep", "1000"])' "$XDG_RUNTIME_DIR/nsshim/lock" &
HOLDERS+=($!)
await sleep $!
LD_PRELOAD=$LIB NSSHIM_PROFILE=$(profile "$rule") "$door" execve direct "$state" 2>/dev/null &
await_trials 1
kill -KILL $!
await_trials 0
trials | xargs -r kill -KILL

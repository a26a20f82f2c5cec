#!/bin/bash
# runs: root
. "$(dirname "$0")/../case.sh"

# As of those that create. The sets are there already, so what fails is the member's; one that is
# made after all, elsewhere, ends with its member.
command -v strace >/dev/null || skip 'strace is not installed'
own_sets
while IFS='|' read -r way kinds rule; do
	rule="match = state; match = sleep; $rule, user"
	LD_PRELOAD=$LIB NSSHIM_PROFILE=$rule sh -c 'sleep 1000 & echo $! >member'
	# shellcheck disable=SC2086 # words
	"$TESTS/inject" $way "$kinds" "$rule" || fail "$way, $rule"
	kill "$(cat member)"
	expect_no_sets "after $rule"
done <<'END'
execve:direct|net,ipc|net = new; ipc = new; share = plain
posix_spawn:direct|user,net|user = new; net = new; share = user
raw:direct|mnt,net|mnt = new; net = new; share = mounts
END

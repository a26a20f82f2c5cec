#!/bin/bash
# runs: root
. "$(dirname "$0")/../case.sh"

# As with the others; by a helper process. (Under strace newuidmap is not set-id, so root alone can.)
command -v strace >/dev/null || skip 'strace is not installed'
for way in execve:direct posix_spawn:direct; do
	"$TESTS/inject" $way user,net \
		'match = state; user = new; net = new; uid_map = 0 0 1; uid_map = 1 700000 10; gid_map = root' || fail "$way"
done

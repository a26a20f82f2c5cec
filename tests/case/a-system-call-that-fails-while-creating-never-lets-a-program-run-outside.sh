#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# Each system call on the way in fails once, with each of several errnos: tests/inject.
command -v strace >/dev/null || skip 'strace is not installed'
for way in execve:direct execve:direct+threads posix_spawn:direct raw:direct; do
	"$TESTS/inject" $way net 'match = state; net = new' || fail "$way, net"
	"$TESTS/inject" $way user,mnt,net,ipc,uts,cgroup,time \
		'match = state; user = new; mnt = new; net = new; ipc = new; uts = new; cgroup = new; time = new; cwd = /usr' ||
		fail "$way, all kinds"
done
"$TESTS/inject" execve:direct net "match = $state; match = */tests/state; net = new" || fail 'matched by its path'

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# Each system call on the way in fails once, with each of several errnos: tests/inject.
command -v strace >/dev/null || skip 'strace is not installed'
hold --user --map-root-user --net --uts --ipc --mount --time
by_pid="match = state; user = pid:$HELD; net = pid:$HELD; uts = pid:$HELD; mnt = pid:$HELD"
by_path="match = state; user = /proc/$HELD/ns/user; net = /proc/$HELD/ns/net; ipc = /proc/$HELD/ns/ipc; uts = new"
for way in execve:direct execve:direct+threads posix_spawn:direct raw:direct; do
	"$TESTS/inject" $way user,net,uts,mnt "$by_pid" || fail "$way, by pid"
	"$TESTS/inject" $way user,net,ipc,uts "$by_path" || fail "$way, by path"
	"$TESTS/inject" $way user,time "match = state; user = pid:$HELD; time = pid:$HELD" || fail "$way, time"
done
[ -n "$ROOT" ] || exit "$FAILED"
hold --net --uts --ipc --mount
for way in execve:direct execve:direct+threads posix_spawn:direct raw:direct; do
	"$TESTS/inject" $way net,uts,mnt,ipc \
		"match = state; net = pid:$HELD; uts = pid:$HELD; mnt = pid:$HELD; ipc = /proc/$HELD/ns/ipc" || fail "$way, root"
done

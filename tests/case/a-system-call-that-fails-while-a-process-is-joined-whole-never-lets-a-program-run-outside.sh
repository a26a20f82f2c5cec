#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# Each system call on the way in fails once, with each of several errnos: tests/inject.
command -v strace >/dev/null || skip 'strace is not installed'
join="match = state; join = pidfile:$T/held.pid; time = host"
hold --user --map-root-user --net --uts --ipc --mount
echo "$HELD" >held.pid
for way in execve:direct posix_spawn:direct; do
	"$TESTS/inject" $way user,net,uts,mnt,ipc "$join" || fail "$way"
done
[ -n "$ROOT" ] || exit "$FAILED"
hold --net --uts --ipc --mount
echo "$HELD" >held.pid
for way in execve:direct raw:direct; do
	"$TESTS/inject" $way net,uts,mnt,ipc "$join" || fail "$way, root"
done

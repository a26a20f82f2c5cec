#!/bin/bash
# runs: root
. "$(dirname "$0")/../case.sh"

# A file of another's in /run/netns, or an /etc/subuid that others may write, in a private copy.
run unshare --mount sh -c 'mount -t tmpfs none /run && mkdir /run/netns && : >/run/netns/mine && chown 12345 /run/netns/mine && exec "$@"' - \
	env LD_PRELOAD="$LIB" NSSHIM_PROFILE='match = state; net = netns:mine' "$door" execve fork "$state" args
expect_like 'a network file of another' '^execve: E[A-Z]+ outside$' "$OUT"
expect_line 'a network file of another' '^nsshim: \[inline\] .*/run/netns/mine: .*(owner|own|trust)'
for how in 'chown 12345' 'chmod 666'; do
	printf 'root:500000:65536\n' >subuid
	run unshare --mount sh -c "$how"' "$0" && mount --bind "$0" /etc/subuid && mount --bind "$0" /etc/subgid && exec "$@"' "$T/subuid" \
		env LD_PRELOAD="$LIB" NSSHIM_PROFILE='match = state; user = new; uid_map = auto; gid_map = auto' "$door" posix_spawn direct "$state" args
	expect_like "subuid, $how" '^posix_spawn: E[A-Z]+ outside$' "$OUT"
	expect_line "subuid, $how" '^nsshim: \[inline\] .*/etc/subuid.*'
	rm subuid
done

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

name=nsshim-test-$$
if [ -z "$ROOT" ]; then
	run shim "match = state; net = netns:$name" "$door" execve direct "$state"
	expect_eq 'none of that name' 'execve: ENOENT outside' "$OUT"
	expect_line 'none of that name' "^nsshim: \[rule\] net: .*/run/netns/$name: No such file or directory \(ENOENT\)"
	skip_part 'an ordinary user may not make a named network'
	exit "$FAILED"
fi

ip netns add "$name" || exit 1
trap 'ip netns delete "$name"; leave' EXIT
wanted=$(ip netns exec "$name" readlink /proc/self/ns/net)
for way in $WAYS; do
	run shim "match = state; net = netns:$name" "$door" "${way%:*}" "${way#*:}" "$state" ns:net ns:mnt ids lo
	expect_eq "$way" "$wanted
$(ns_of mnt)
uid 0 0 0
gid 0 0 0
lo down" "$OUT"
	expect_silent "$way"
done

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

cp "$(type -P env)" first
host=$(ns_of net)
text='[outside]
match = first
[inside]
match = state
net = new'
for way in $WAYS; do
	run shim "$text" "$door" "${way%:*}" "${way#*:}" "$T/first" "$state" ns:net
	expect_like "$way: what it starts" '^net:' "$OUT"
	expect_not "$way: what it starts is inside" "$host" "$OUT"
	run shim "$text" "$door" "${way%:*}" "${way#*:}" "$T/first" readlink /proc/self/ns/net
	expect_eq "$way: it is not" "$host" "$OUT"
	expect_silent "$way"
done

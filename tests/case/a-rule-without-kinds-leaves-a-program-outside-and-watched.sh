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

# Whatever else it says: nothing is entered, mapped or changed, and no later rule is asked.
for keys in 'net = host' 'cwd = /usr' 'cwd = /not/there' 'uid_map = self; gid_map = self' 'uid_map = auto' \
	'setgroups = deny' 'fallback = none' 'on_error = continue' 'user = host; uts = host; pid = host; loopback = no'; do
	run shim "[outside]"$'\n'"${keys//; /$'\n'}"$'\n[inside]\nnet = new' "$door" execve fork "$state" ns:net ns:user cwd ids map:uid
	expect_eq "$keys" "$("$state" ns:net ns:user cwd ids map:uid)" "$OUT"
	expect_silent "$keys"
done

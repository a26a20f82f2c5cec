#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

host=$(ns_of net)
for way in $WAYS; do
	run shim "match = state; on_error = continue; uts = new; net = $T/missing" \
		"$door" "${way%:*}" "${way#*:}" "$state" ns:net ns:uts ns:user exit:5
	expect_eq "$way: outside" "$host"$'\n'"$(ns_of uts)"$'\n'"$(ns_of user)" "$OUT"
	expect_eq "$way: exit status" 5 "$RC"
	# One line, although a program that is executed decides at load what the doors did not see.
	expect_line "$way" "^nsshim: \[rule\] net: .*$T/missing: .*\(ENOENT\)"
done

# The decision is used up: what that program starts is asked again, and each of them says so.
run shim "match = sh; match = state; on_error = continue; net = $T/missing" \
	"$door" execve fork /bin/sh -c '"$0" ns:net; "$0" ns:net; :' "$state"
expect_eq 'the children: outside' "$host"$'\n'"$host" "$OUT"
expect_eq 'the children: a line each' 3 "$(grep -c '^nsshim: ' <<<"$ERR")"

# Half inside is not outside: nothing may run then.
run unshare --user --map-root-user sh -c 'echo 0 >/proc/sys/user/max_net_namespaces && exec "$@"' - \
	env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$(profile 'match = state; on_error = continue; user = new; net = new')" \
	"$door" execve fork "$state" ns:net
expect_eq 'half inside: nothing ran' '' "$OUT"
expect_eq 'half inside: exit status' 126 "$RC"

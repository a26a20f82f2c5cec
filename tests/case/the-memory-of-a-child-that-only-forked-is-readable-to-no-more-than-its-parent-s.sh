#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

children=$PROG/children
rule='match = children; when = fork; user = new; net = new'
if [ -n "$ROOT" ]; then
	# Capabilities that the owner of the new user namespace may lack.
	run shim "$rule" "$children" fork -D
	expect_eq 'root creates a user namespace' "fork: 1 children, 1 networks, 0 of them its parent's"$'\ndumpable 0' "$OUT"
	for option in -n -d; do
		for map in root self '0 100000 1000'; do
			run shim "$rule; uid_map = $map; gid_map = $map" "$children" fork $option 1
			expect_eq "root, $option, $map" "fork: 1 children, 1 networks, 0 of them its parent's" "$OUT"
			expect_silent "root, $option, $map"
		done
	done
	run shim 'match = children; when = fork; net = new' "$children" fork -D
	expect_like 'root creates none' 'dumpable 1' "$OUT"
	LD_PRELOAD=$LIB NSSHIM_PROFILE=$(profile "$rule") \
		run setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=+net_raw --ambient-caps=+net_raw "$children" fork
	expect_like 'a user with capabilities' '^fork: EPERM' "$OUT"
	expect_line 'a user with capabilities' '^nsshim: \[rule\] user: fork: .*EPERM.*has capabilities'
else
	run shim "$rule" "$children" fork -D
	expect_like 'a user creates a user namespace' 'dumpable 1$' "$OUT"
	run shim "$rule" unshare --user --map-root-user "$children" fork -d -D
	expect_eq 'root of a user namespace, not dumpable' "fork: 1 children, 1 networks, 0 of them its parent's"$'\ndumpable 0' "$OUT"
	run shim "$rule" "$children" fork -d
	expect_like 'not dumpable' '^fork: EPERM' "$OUT"
	expect_line 'not dumpable' '^nsshim: \[rule\] user: fork: .*EPERM.*not dumpable'
	# A child of vfork gets an image of its own.
	run shim "$rule" "$children" vfork -d
	expect_like 'not dumpable, vfork' "^vfork: 1 children, 1 networks, 0 of them" "$OUT"
fi
# Those who live in the user namespace that is joined.
hold "${OWN[@]}" --user --map-root-user --net
run shim "match = children; when = fork; user = pid:$HELD; net = pid:$HELD" "$children" fork -D
expect_eq 'a user namespace is joined' "fork: 1 children, 1 networks, 0 of them its parent's"$'\ndumpable 0' "$OUT"
expect_silent 'a user namespace is joined'

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

run inside 'user = new' "$state" setgroups
if [ -n "$ROOT" ]; then
	# A process that writes its own gid_map has to deny it first, whoever it was outside.
	expect_eq 'root, default' deny "$OUT"
	run inside 'user = new; uid_map = 0 0 10; gid_map = 0 0 10' "$state" setgroups
	expect_eq 'root, a map of several ids, written from outside' allow "$OUT"
	run inside 'user = new; setgroups = deny' "$state" setgroups
	expect_eq 'root, deny' deny "$OUT"
	run inside 'user = new; setgroups = allow' "$state" setgroups
	expect_eq 'root, allow' allow "$OUT"
	expect_silent 'root, allow'
	exit "$FAILED"
fi
expect_eq 'a user, default' deny "$OUT"
run inside 'user = new; setgroups = deny' "$state" setgroups
expect_eq 'a user, deny' deny "$OUT"
# user_namespaces(7): without deny, an unprivileged process may not write its gid_map.
run shim 'match = state; user = new; setgroups = allow' "$door" posix_spawn direct "$state" setgroups
expect_eq 'a user, allow' 'posix_spawn: EPERM outside' "$OUT"
expect_line 'a user, allow' '^nsshim: \[rule\] user: .*\(EPERM\): .*setgroups'

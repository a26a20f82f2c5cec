#!/bin/bash
# runs: root
. "$(dirname "$0")/../case.sh"

cp "$state" set-id && chmod 4755 set-id || exit 1
file=$(profile 'match = set-id; user = new; uid_map = self; gid_map = self')
nobody() {
	setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups "$@"
}
uid=$(id -u nobody)

run nobody ./set-id ids
expect_like 'outside' "^uid $uid 0 0" "$OUT"
run nobody env LD_PRELOAD="$LIB" NSSHIM_PROFILE=none ./set-id ids
expect_like 'set-id, and no rule' "^uid $uid 0 0" "$OUT"
run nobody env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$file" NSSHIM_LOG=info env ./set-id ids
expect_like 'inside' "^uid $uid $uid $uid" "$OUT"
expect_line 'inside' '^nsshim: \[rule\] entered user.*set-id bits or file capabilities have no power there'
# Inside namespaces without a user namespace it keeps it.
profile 'match = set-id; uts = new' >/dev/null
run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$file" NSSHIM_LOG=info env ./set-id ids
expect_unlike 'root' 'no power' "$ERR"

# As a parent it has no shim in it, and what it starts no more than what it passes on.
cp "$door" parent && chmod 4755 parent || exit 1
profile 'match = state; net = new' >/dev/null
run nobody env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$file" sh -c '"$@"; true' sh ./parent execve fork "$state" ns:net
expect_eq 'a set-id parent' "$(ns_of net)" "$OUT"

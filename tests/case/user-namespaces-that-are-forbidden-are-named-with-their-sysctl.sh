#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# In a user namespace of its own, whose limits this test may lower.
lower() { # LIMIT PROGRAM...
	unshare --user --map-root-user sh -c 'echo 0 >"/proc/sys/user/$0" && exec "$@"' "$@"
}
rules=$(profile 'match = state; user = new')
for way in $WAYS; do
	run lower max_user_namespaces env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$rules" \
		"$door" "${way%:*}" "${way#*:}" "$state" ns:user
	expect_line "$way" '^nsshim: \[rule\] user: unshare.*: No space left on device \(ENOSPC\): .*user\.max_user_namespaces'
	case $way in
	raw:*) expect_eq "$way" ' 126' "$OUT $RC" ;;
	*) expect_eq "$way" "${way%:*}: ENOSPC outside" "$OUT" ;;
	esac
done
for kind in mnt net ipc uts cgroup time; do
	profile "match = state; fallback = none; $kind = new" >/dev/null
	run lower max_${kind}_namespaces env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$rules" \
		"$door" execve fork "$state" ns:user
	expect_eq "$kind" 'execve: ENOSPC outside' "$OUT"
	expect_line "$kind" "^nsshim: \[rule\] $kind: unshare.*: No space left on device \(ENOSPC\): .*user\.max_${kind}_namespaces"
done

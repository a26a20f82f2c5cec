#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

spawn=$PROG/spawn
tells=(cwd mask ignored pgid sid fds sched nice umask rlimits args groups ids env:HOME)
# The groups of other files are nobody's inside, where the ids of this process are mapped alone; so
# the map is the identity, as far as there is one.
mkdir play
cd play || exit 1
try() { # PROFILE CASE
	chmod -R u+rwx "$T/play"
	rm -rf "${T:?}/play"/* && {
		if [ "$1" = real ]; then
			"$spawn" "$2" "$state" "${tells[@]}"
		else
			shim "$1" "$spawn" "$2" "$state" "${tells[@]}"
		fi
	} >"$T/$2.out" 2>&1
	# Pipes and the like have numbers of their own.
	sed 's/pipe:\[[0-9]*\]/pipe/; s/ptmx/pty/; s,/dev/pts/[0-9]*,/dev/pts/N,' "$T/$2.out"
}
for name in $("$spawn" list); do
	wanted=$(try real "$name")
	expect_eq "$name, not matched" "$wanted" "$(try 'match = nothing; net = new' "$name")"
	expect_eq "$name, inside" "$wanted" "$(try 'net = new; uid_map = self; gid_map = self' "$name")"
	expect_eq "$name, inside, by the fallback alone" "$wanted" "$(try 'user = new; ipc = new; uid_map = self; gid_map = self' "$name")"
done
# The comparison proves something only where the child is inside.
run inside 'net = new; uid_map = self; gid_map = self' "$spawn" list
run shim 'net = new; uid_map = self; gid_map = self' "$spawn" all_attributes "$state" ns:net
expect_not 'inside' "$(ns_of net)" "$(sed -n 1p <<<"$OUT")"

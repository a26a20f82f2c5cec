#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"
# shellcheck source=/dev/null
. "$TESTS/spawn-table.sh"

# Its last component fits every program, and the whole fits none.
unfit='match = /none/*; uts = new'

for mode in '' threads vfork; do
	outcome "$mode" >libc
	bare=$COUNT
	expect_like "$mode: most of the calls start something" '^1[0-9][0-9] children, 0 entered' "$bare"

	outcome "$mode" LD_PRELOAD="$LIB" NSSHIM_PROFILE="$unfit" >shim
	expect_eq "$mode, not entered" "$bare" "$COUNT"
	same "$mode, not entered"

	outcome "$mode" LD_PRELOAD="$LIB" NSSHIM_PROFILE='uts = new; uid_map = self; gid_map = self' >shim
	expect_eq "$mode, entered" "${bare/ 0 entered/ "${bare%% *}" entered}" "$COUNT"
	same "$mode, entered"
done

# Kernels and filters without the two newer calls: signal handlers are reset one by one then, and
# descriptors listed, which takes one (libc's way gives EMFILE there too).
mv table whole
without() { # CALL ROWS
	grep -E "^($2)" whole >table
	outcome '' >libc
	for err in ENOSYS EPERM; do
		outcome '' strace --seccomp-bpf -qqfo trace -e trace="$1" -e inject="$1:error=$err" \
			-E LD_PRELOAD="$LIB" -E NSSHIM_PROFILE="$unfit" >shim
		same "$1 is $err"
		grep -q INJECTED trace || fail "$1 is not called"
	done
}
if command -v strace >/dev/null; then
	without clone3 'plain|twice|null-pid|missing|old-text|signals|mask|default|sigchld|setsid|everything'
	without close_range 'closefrom( |-[^f])'
else
	skip_part "no strace: what happens without clone3 and close_range"
fi
chmod 700 closed

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# These would kill it.
for call in unshare setns execveat faccessat2 capget pidfd_open; do
	for way in execve:direct execve:fork execve:vfork execve:direct+threads posix_spawn:direct; do
		run shim 'match = nothing; match = /some/where; net = new' "$PROG/seccomp" $call:kill \
			"$door" "${way%:*}" "${way#*:}" "$state" args
		expect_eq "$call, $way" 'arg 0 state'$'\n''arg 1 args' "$OUT"
		expect_eq "$call, $way: exit status" 0 "$RC"
	done
done

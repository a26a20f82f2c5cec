#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

host=$(ns_of net)
cp "$(type -P env)" "$T/between"

# The program between fits no rule; what it executes fits one.
watches() { # ENTRY MODE
	run shim 'match = nothing; net = new' "$door" "$1" "$2" "$state" ns:net env:LD_PRELOAD exit:7
	local wanted="$host"$'\n'"$LIB" status=7
	if [ "$1" = wordexp ]; then
		wanted=${wanted//$'\n'/ } status=0
	fi
	expect_eq "$1, $2: outside, with the shim" "$wanted" "$OUT"
	expect_eq "$1, $2: exit status" "$status" "$RC"
	expect_silent "$1, $2"

	run shim 'match = state; net = new' "$door" "$1" "$2" "$T/between" "$state" ns:net
	expect_like "$1, $2: what it executes" '^net:' "$OUT"
	expect_not "$1, $2: what it executes is inside" "$host" "$OUT"
	expect_silent "$1, $2"
}

for entry in execve execv execvp execvpe execl execlp execle fexecve execveat execveat-empty execveat-dirfd raw; do
	for mode in direct fork vfork; do
		watches $entry $mode
		watches $entry $mode+threads
	done
done
for entry in posix_spawn posix_spawnp posix_spawn-old posix_spawnp-old system popen wordexp; do
	for mode in direct fork; do
		watches $entry $mode
		watches $entry $mode+threads
	done
done

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

printf '#!/not/there/interpreter\n' >script
chmod 755 script
rule='match = script; net = new; ipc = new'
for entry in execve execv execvp execl execle execveat; do
	for mode in direct fork vfork; do
		run shim "$rule" "$door" $entry $mode "$T/script"
		if [ -n "$ROOT" ]; then
			expect_eq "$entry, $mode: put back" "$entry: ENOENT outside" "$OUT"
		else
			# The user namespace cannot be left: the process goes on inside, and has its errno.
			expect_eq "$entry, $mode: stays inside" "$entry: ENOENT user net ipc" "$OUT"
		fi
		expect_silent "$entry, $mode"
	done
done
for entry in posix_spawn posix_spawnp; do
	run shim "$rule" "$door" $entry direct "$T/script"
	expect_eq "$entry" "$entry: ENOENT outside" "$OUT"
	expect_silent "$entry"
done

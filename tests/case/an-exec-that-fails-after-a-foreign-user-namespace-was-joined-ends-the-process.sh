#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

hold --user --map-root-user --net
printf '#!/not/there/interpreter\n' >script
chmod 755 script
rule="match = script; user = pid:$HELD; net = pid:$HELD"
for entry in execve execv execvp execl execveat; do
	for mode in direct fork vfork; do
		run shim "$rule" "$door" $entry $mode "$T/script"
		expect_eq "$entry, $mode: it does not go on" '' "$OUT"
		expect_eq "$entry, $mode: exit status" 126 "$RC"
		expect_line "$entry, $mode" '^nsshim: \[rule\] .*\(ENOENT\)'
	done
done
for entry in posix_spawn posix_spawnp; do
	run shim "$rule" "$door" $entry direct "$T/script"
	# Its child goes through the fresh image, and is a program that was started by then.
	expect_eq "$entry: the child does not go on" '' "$OUT"
	expect_eq "$entry: its exit status" 126 "$RC"
	expect_line "$entry" '^nsshim: \[rule\] .*\(ENOENT\)'
done

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

hold --user --map-root-user --net
printf '#!/not/there/interpreter\n' >script
chmod 755 script
rule="match = script; user = pid:$HELD; net = pid:$HELD"
for entry in execve execv execvp execl execveat; do
	for mode in direct fork; do
		run shim "$rule" "$door" $entry $mode "$T/script"
		expect_eq "$entry, $mode: it does not go on" '' "$OUT"
		expect_eq "$entry, $mode: exit status" 126 "$RC"
		expect_line "$entry, $mode" '^nsshim: \[rule\] .*\(ENOENT\)'
	done
done
# What shares its parent's memory does not join by itself: a trial finds out before.
for way in execve:vfork execvp:vfork posix_spawn:direct posix_spawnp:direct; do
	run shim "$rule" "$door" "${way%:*}" "${way#*:}" "$T/script"
	expect_eq "$way: the errno" "${way%:*}: ENOENT outside" "$OUT"
	expect_silent "$way"
done

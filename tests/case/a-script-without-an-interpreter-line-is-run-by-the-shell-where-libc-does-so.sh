#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

printf 'readlink /proc/self/ns/net; echo "$0 $*"\n' >script
chmod 755 script
host=$(ns_of net)
moved=' net'
[ -n "$ROOT" ] || moved=' user net'

for mode in direct fork vfork direct+threads; do
	for entry in execvp execvpe execlp; do
		run shim 'match = script; net = new' "$door" $entry $mode "$T/script" one two
		expect_like "$entry, $mode: by the shell" "^net:[^"$'\n'"]*"$'\n'"$T/script one two\$" "$OUT"
		expect_not "$entry, $mode: inside" "$host" "${OUT%%$'\n'*}"
		expect_silent "$entry, $mode"
	done
done
for entry in posix_spawn-old posix_spawnp-old; do
	run shim 'match = script; net = new' "$door" $entry direct "$T/script" one two
	expect_like "$entry: by the shell" "^net:[^"$'\n'"]*"$'\n'"$T/script one two\$" "$OUT"
	expect_not "$entry: inside" "$host" "${OUT%%$'\n'*}"
	expect_silent "$entry"
done
for entry in posix_spawn posix_spawnp; do
	run shim 'match = script; net = new' "$door" $entry direct "$T/script"
	expect_eq "$entry" "$entry: ENOEXEC outside" "$OUT"
	expect_silent "$entry"
done
# ENOEXEC is not undone: a caller that then reads the script itself does it inside, as the rule wants.
for entry in execve execv execl execle execveat; do
	for mode in direct fork vfork; do
		run shim 'match = script; net = new' "$door" $entry $mode "$T/script"
		expect_eq "$entry, $mode" "$entry: ENOEXEC$moved" "$OUT"
		expect_silent "$entry, $mode"
	done
done
for sh in sh bash; do
	run shim 'match = script; net = new' $sh -c './script one; exit $?'
	expect_like "$sh reads it" '^net:' "$OUT"
	expect_not "$sh reads it inside" "$host" "${OUT%%$'\n'*}"
	expect_silent "$sh"
done

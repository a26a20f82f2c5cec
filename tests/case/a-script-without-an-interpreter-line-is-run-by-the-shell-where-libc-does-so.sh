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
# However many arguments there are: they are passed on where there is least room.
printf 'readlink /proc/self/ns/pid; echo $#\n' >counts
chmod 755 counts
for rule in 'net = new' 'pid = new; mnt = new' 'user = new; pid = new; mnt = new'; do
	for way in execvp:direct execvp:fork execvp:vfork posix_spawn-old:direct; do
		run env -i "$PROG/reap" 20 env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$(profile "match = counts; $rule")" \
			"$door" "${way%:*}" "${way#*:}" "$T/counts" $(seq 4000)
		expect_like "$rule, $way: many arguments" $'^pid:.*\n4000$' "$OUT"
		expect_silent "$rule, $way: many arguments"
	done
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
# And what that then starts is inside already: what only root may do is not done again.
if [ -n "$ROOT" ]; then
	printf 'id -u; id -G\n' >ids
	chmod 755 ids
	run shim 'except = bash; uid = nobody; gid = 7; groups = 5' bash -c './ids; exit $?'
	expect_eq 'ids' "$(id -u nobody)"$'\n7 5' "$OUT"
	expect_silent 'ids'
fi
for sh in sh bash; do
	run shim 'match = script; net = new' $sh -c './script one; exit $?'
	expect_like "$sh reads it" '^net:' "$OUT"
	expect_not "$sh reads it inside" "$host" "${OUT%%$'\n'*}"
	expect_silent "$sh"
done

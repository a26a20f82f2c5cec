#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

host=$(ns_of net)
# Through every door.
for entry in execve execv execvp execvpe execl execlp execle execveat raw posix_spawn posix_spawnp \
	posix_spawn-old posix_spawnp-old system popen; do
	for mode in direct fork direct+threads; do
		run shim 'match = state; when = load; net = new' "$door" $entry $mode "$state" ns:net env:LD_PRELOAD exit:7
		expect_like "$entry, $mode" '^net:' "$OUT"
		expect_not "$entry, $mode: inside" "$host" "${OUT%%$'\n'*}"
		expect_eq "$entry, $mode: the shim has gone" '(unset)' "${OUT#*$'\n'}"
		expect_eq "$entry, $mode: status" 7 "$RC"
		expect_silent "$entry, $mode"
	done
done
run shim 'match = state; when = load; net = new' "$door" execve vfork "$state" ns:net
expect_not 'a child of vfork' "$host" "$OUT"
run shim 'match = state; when = load; net = new' "$door" -E execve fork "$state" ns:net
expect_not 'an empty environment' "$host" "$OUT"

# Only a load door has the program and its libraries come from outside.
mkdir tools
cp "$state" tools/state
printf '#!%s/tools/state ns:mnt\n' "$T" >tools/script && chmod 755 tools/script
hold_by unshare "${OWN[@]}" --mount sh -c 'mount -t tmpfs none "$1" && exec sleep 1000' sh "$T/tools"
by=
[ -n "$ROOT" ] || by="user = pid:$HELD; "
there="mnt:$(ns_of mnt "$HELD" | tr -cd 0-9)"
for entry in execve posix_spawn execveat raw system; do
	run shim "match = */tools/*; when = load; ${by}mnt = pid:$HELD" "$door" $entry fork "$T/tools/state" ns:mnt "open:$T/tools/state"
	expect_eq "$entry: from outside, inside" "mnt:[${there#mnt:}]"$'\n'"open ENOENT" "$OUT"
	expect_silent "$entry: from outside"
	run shim "match = */tools/*; when = load; ${by}mnt = pid:$HELD" "$door" $entry fork "$T/tools/script"
	expect_eq "$entry: a script, from outside" "mnt:[${there#mnt:}]" "${OUT%%$'\n'*}"
done
PATH=$T/tools:$PATH run shim "match = */tools/*; when = load; ${by}mnt = pid:$HELD" "$door" execvp fork state ns:mnt
expect_eq 'found along PATH outside' "mnt:[${there#mnt:}]" "$OUT"
run shim "match = */tools/*; ${by}mnt = pid:$HELD" "$door" execve fork "$T/tools/state" ns:mnt
expect_eq 'by exec it is not there' 'execve: ENOENT outside' "$OUT"

# It fails closed: before main, with a line.
for entry in execve posix_spawn raw; do
	run shim "match = state; when = load; net = $T/missing" "$door" $entry fork "$state" ns:net
	expect_eq "a failure, $entry: nothing has run" '' "$OUT"
	expect_eq "a failure, $entry: status" 126 "$RC"
	expect_line "a failure, $entry" '^nsshim: \[rule\] net: open .*ENOENT'
done
# What is not there is libc's to say.
run shim 'match = nothing; when = load; net = new' "$door" execve fork "$T/nothing" args
expect_eq 'not there' 'execve: ENOENT outside' "$OUT"
expect_silent 'not there'

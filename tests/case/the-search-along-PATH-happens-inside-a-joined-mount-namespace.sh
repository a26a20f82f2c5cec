#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

mkdir only first none
hold_by unshare "${OWN[@]}" --mount sh -c 'mount -t tmpfs none "$1/only" && cp "$2" "$1/only/prog" && exec sleep 1000' - "$T" "$state"
held=$HELD
join="mnt = pid:$held"
[ -n "$ROOT" ] || join="user = pid:$held; $join"
# prog is in a folder which has it inside only, and not in those before it.
export PATH=$T/none:$T/first:$T/missing:$T/only:/usr/bin:/bin
for entry in execvp execvpe execlp posix_spawnp; do
	for mode in direct fork vfork direct+threads; do
		case $entry,$mode in posix_spawn*,vfork) continue ;; esac
		run shim "match = prog; $join" "$door" $entry $mode prog ns:mnt exe
		expect_eq "$entry, $mode" "$(ns_of mnt $held)"$'\n'"$T/only/prog" "$OUT"
		expect_silent "$entry, $mode"
		run shim "match = prog; $join" "$door" $entry $mode "$T/only/prog" ns:mnt exe
		expect_eq "$entry, $mode, by its path" "$(ns_of mnt $held)"$'\n'"$T/only/prog" "$OUT"
		expect_silent "$entry, $mode, by its path"
	done
done

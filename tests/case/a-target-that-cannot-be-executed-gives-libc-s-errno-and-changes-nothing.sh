#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

mkdir dir
printf '#!/bin/sh\n' >no-x
chmod 644 no-x
printf '#!/bin/sh\n' >mode-0
chmod 0 mode-0
# Root inside a user namespace could read and execute this one of the user's own: outside it may not.
printf '#!/bin/sh\necho ran\n' >not-mine-to-run
chmod 655 not-mine-to-run
ln -s loop loop
mkdir -p locked/in && cp "$(type -P true)" locked/in/true
chmod 0 locked/in
cp "$state" "$T/busy"

exec_ways='execve execv execvp execvpe execl execlp execle execveat posix_spawn posix_spawnp'
for target in "$T/missing" "$T/no-x" "$T/mode-0" "$T/not-mine-to-run" "$T/dir" "$T/loop" "$T/no-x/below" "$T/locked/in/true" \
	"$T/$(printf '%0300d' 0)" ./missing missing ''; do
	for entry in $exec_ways; do
		for mode in direct fork vfork direct+threads; do
			case $entry,$mode in posix_spawn*,vfork) continue ;; esac
			wanted=$("$door" "$entry" "$mode" "$target" 2>&1; echo "status $?")
			case $ROOT,$wanted in
			*ran* | 1,*'status 0'*) continue ;; # root may
			esac
			run shim 'net = new; ipc = new' "$door" "$entry" "$mode" "$target"
			expect_eq "$entry, $mode, '${target:0:60}'" "$wanted" "$OUT"$'\n'"status $RC"
			expect_silent "$entry, $mode, '${target:0:60}'"
		done
	done
done

# The errno that a file open for writing gives.
exec 8>>"$T/busy"
for entry in execve posix_spawn; do
	run inside 'match = busy; net = new' "$door" $entry direct "$T/busy"
	expect_eq "$entry of a busy file" "$entry: ETXTBSY outside" "$OUT"
	expect_silent "$entry of a busy file"
done
chmod 755 locked/in

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

host=$(ns_of net)
tells="arg 0 state
arg 1 ns:net
arg 2 args
arg 3 env:LD_PRELOAD
arg 4 exit:7
(unset)"

enters() { # ENTRY MODE PROFILE
	run shim "$3" "$door" "$1" "$2" "$state" ns:net args env:LD_PRELOAD exit:7
	local net=${OUT%%[$'\n' ]*} wanted=$tells status=7
	case $1 in
	# The shell looks the file up by its path, and passes that on as argv[0].
	system | popen | wordexp) wanted=${tells/state/"$state"} ;;
	esac
	if [ "$1" = wordexp ]; then
		wanted=${wanted//$'\n'/ } status=0
	fi
	expect_like "$1, $2: the network" '^net:' "$net"
	expect_not "$1, $2: the network" "$host" "$net"
	expect_eq "$1, $2: what the program was given" "$wanted" "${OUT#"$net"?}"
	expect_eq "$1, $2: exit status" "$status" "$RC"
	expect_silent "$1, $2"
}

rule='match = state; net = new'
for entry in execve execv execvp execvpe execl execlp execle fexecve execveat execveat-empty execveat-dirfd raw; do
	for mode in direct fork vfork; do
		enters $entry $mode "$rule"
		enters $entry $mode+threads "$rule"
	done
done
for entry in posix_spawn posix_spawnp posix_spawn-old posix_spawnp-old system popen wordexp; do
	for mode in direct fork; do
		enters $entry $mode "$rule"
		enters $entry $mode+threads "$rule"
	done
done
if nm -D /lib*/*/libc.so.6 /usr/lib/*/libc.so.6 2>/dev/null | grep -q ' pidfd_spawn@'; then
	for entry in pidfd_spawn pidfd_spawnp; do
		for mode in direct fork direct+threads; do
			enters $entry $mode "$rule"
		done
	done
else
	skip_part "this libc has no pidfd_spawn (glibc 2.39)"
fi

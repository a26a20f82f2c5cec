#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# libnsshim.7, What it costs: how often the helper image is executed on the way to a program.
command -v strace >/dev/null || skip 'there is no strace'
images() { # WHAT RULE COUNT ENTRY MODE
	run strace -f -qq -o trace -e trace=execve env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$(profile "match = state; $2")" \
		"$door" "$4" "$5" "$state" exit:7
	expect_silent "$1, $4 $5"
	expect_eq "$1, $4 $5" "$3" "$(grep -c '^[0-9]* *execve("[^"]*/nsshim", ' trace)"
}
in_place=('posix_spawn direct' 'execve fork')
printf '\6\0\0\0\0\0\377\177' >allow
for way in "${in_place[@]}"; do
	# shellcheck disable=SC2086 # two words
	{
		images 'namespaces' 'net = new; uts = new; hostname = x' 0 $way
		images 'a compiled filter' "net = new; seccomp = $T/allow" 0 $way
		images 'names of system calls' 'net = new; seccomp = deny mount' 1 $way
		images 'limits and capabilities' 'net = new; umask = 022; rlimit = core 0; no_new_privs = yes' 0 $way
	}
done
# One that tries whether the program is there inside.
user='user = new; uid_map = self; gid_map = self'
images 'files of one path' 'tmpfs = /mnt' 0 posix_spawn direct
images 'files' "$user; tmpfs = /mnt" 1 execve fork
# Two for another image: one that tries, and the one that the process becomes.
images 'limits of a process of threads' 'umask = 022' 2 execve direct+threads
images 'a namespace of a process of threads' "net = new; $user" 2 execve direct+threads
images 'no rule fits' $'except = state\nnet = new' 0 execve fork
[ -n "$ROOT" ] || exit "$FAILED"
maps='uid_map = 0 100000 10; gid_map = 0 100000 10'
images 'maps that are written from outside' "user = new; $maps" 1 execve fork
# Each of the two has its own.
images 'the same, of a process that shares its memory' "user = new; $maps" 4 execve vfork
images 'idmap' "user = new; $maps; bind = $T $T idmap" 3 execve fork

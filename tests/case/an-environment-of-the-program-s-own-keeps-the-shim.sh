#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

host=$(ns_of uts)
cp "$(type -P env)" "$T/between"
# What the first program gives the second (which no rule fits) is less than it has itself; the third
# enters nevertheless.
for entry in execve execle execvpe execv execvp execl execlp fexecve execveat posix_spawn posix_spawnp; do
	for mode in direct fork vfork direct+threads; do
		case $entry,$mode in posix_spawn*,vfork) continue ;; esac
		case $entry in
		fexecve) null= ;; # EINVAL, in libc too
		*) null=-N ;;
		esac
		for give in '-E' $null '-e A=1' "-e LD_PRELOAD=$PROG/other.so" "-e LD_PRELOAD=$LIB" \
			"-e LD_PRELOAD= -e A=1" "-e NSSHIM_LOG=error" \
			"-e LD_PRELOAD=$PROG/other.so:$LIB -e A=1"; do
			# shellcheck disable=SC2086 # options
			run shim 'match = state; uts = new' "$door" $give $entry $mode "$T/between" "$state" ns:uts ns:net
			expect_like "$give $entry $mode" '^uts:' "$OUT"
			expect_not "$give $entry $mode: inside" "$host" "$(sed -n 1p <<<"$OUT")"
			# By this profile: the built-in one would be another.
			expect_eq "$give $entry $mode: outside" "$(ns_of net)" "$(sed -n 2p <<<"$OUT")"
			expect_silent "$give $entry $mode"
		done
	done
done
# Its own entries are passed on, and other libraries stay in place.
for entry in execve posix_spawn; do
	run shim 'match = other; net = new' "$door" -e B=2 -e "LD_PRELOAD=$PROG/other.so" -e A=1 $entry fork "$state" env
	expect_eq "$entry: its own entries" 'B=2
A=1' "$(grep '^[AB]=' <<<"$OUT")"
	expect_like "$entry: the libraries" "LD_PRELOAD=(${LIB}[ :]$PROG/other.so|$PROG/other.so[ :]$LIB)" "$OUT"
	expect_silent "$entry"
done

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# What a parent sees of its children (tests/prog/life.c), with no library, with a rule that has no
# pid namespace, and with one that has. What differs with one is written down here, with the reason.

maps='uid_map = self; gid_map = self'
fits='match = life-child; match = state'
outside=$(profile "$fits; uts = new; $maps" "$T/outside.ini")
inside=$(profile "$fits; pid = new; mnt = new; $maps" "$T/inside.ini")

# Of every child: what is in the namespace ends with the program, so no daemon outlives it. And the
# first process of the namespace is the child of one that has gone: it comes to a parent that is a
# subreaper, at its end.
every=(
	'a daemon that outlives it: the pipe is open without it = (yes|no)'
	'its parent dies, .*: others that were adopted = [01]'
)
# Where a process executes that was forked before, it stays as the monitor of the program.
monitor=(
	# SIGSTOP, from outside, stops the monitor alone: who is stopped by it cannot pass it on. (By
	# itself, by its terminal or by a signal to its group the program is stopped as ever.)
	'stop by 19: runs while it is stopped = (yes|no)'
	# SIGKILL ends the monitor, and then the kernel the program: a moment later.
	'(kill 9|stop by [0-9]+, then 9|its group is stopped, continued, killed): its pipe = no end of file'
	'its group is stopped, continued, killed: kill afterwards = (0|ESRCH)'
	# Both are in the group, and what comes to a group is passed on too: twice, where it is counted.
	'(group and session|a signal to its group): what came = .*'
	# The program's parent is the monitor, which lives; and it has asked to die with that one.
	'its parent dies, and it asked for (9|15): waitid = .*'
	'its parent dies, .*: others that were adopted = [0-3]'
	'what the child has: a line of state = pdeathsig [09]'
	# The program runs already when its monitor comes to its own exec.
	'group and session: setpgid after the exec = (EACCES|0)'
	# The process is the monitor, and what is read or set from outside is that one's.
	'as /proc shows it: (exe|comm|argv\[0\]) = .*'
	'its parameters from outside: the child = nice -?[0-9]+'
)
# And a monitor that was killed leaves program and first process, which have ended, to a subreaper.
subreaper=(
	'.*: children = ANOTHER IS LEFT'
	'wait for any: (before|plain|__WALL|WNOHANG|waitid any|it says|taken) = .*'
)

life() { # WAY NAME [VAR=VALUE]...
	local way=$1 to=$T/$2
	shift 2
	rm -rf "$to.d" && mkdir "$to.d"
	(cd "$to.d" && env -i PATH="$PATH" "$@" "$PROG/life" "$way" </dev/null 2>"$to.err" | sed "s,$to.d,HERE,"
		echo "exit status ${PIPESTATUS[0]}"
		cat "$to.err") >"$to.now"
	sed "s,$to.err,ERR," "$to.now" >"$to"
}

# The lines that differ, without those which are stated.
difference() { # NAME NAME [EXPRESSION]...
	local a=$T/$1 b=$T/$2 lines expression
	shift 2
	lines=$(diff "$a" "$b" | grep '^[<>]')
	for expression; do
		lines=$(grep -vE "^[<>] $expression\$" <<<"$lines")
	done
	[ -z "$lines" ] || head -n 60 <<<"$lines"
}

# It is one, by each door.
for way in posix_spawn:direct posix_spawn:direct+threads execve:fork execve:vfork execve:direct raw:fork; do
	run shim "$fits; pid = new; mnt = new; $maps" "$door" "${way%:*}" "${way#*:}" "$state" ns:pid
	expect_not "$way: the pid namespace" "$(ns_of pid)" "$OUT"
	expect_silent "$way"
done

# All three lives, side by side.
live() { # WAY
	life "$1" bare &
	life "$1" rule LD_PRELOAD="$LIB" NSSHIM_PROFILE="$outside" &
	life "$1" pid LD_PRELOAD="$LIB" NSSHIM_PROFILE="$inside" &
	wait
}
for way in spawn spawn-own-group spawn-group spawn-session spawn-signals fork vfork double; do
	stated=("${every[@]}")
	case $way in spawn*) ;; *) stated+=("${monitor[@]}") ;; esac
	[ "$way" != double ] || stated+=("${subreaper[@]}")
	live "$way"
	# Two signals of one kind that wait are one (signal(7)): where the machine has much to do, a life
	# may have fewer of them, but not twice in the same place.
	[ -z "$(difference bare rule)$(difference bare pid "${stated[@]}")" ] || live "$way"
	[ "$(wc -l <"$T/bare")" -gt 600 ] || fail "$way: only $(wc -l <"$T/bare") lines: $(tail -n 3 "$T/bare")"
	expect_unlike "$way, bare" 'life itself|IN TIME|ANOTHER|WRONG' "$(cat "$T/bare")"
	expect_eq "$way, a rule without pid" '' "$(difference bare rule)"
	expect_eq "$way, in a pid namespace" '' "$(difference bare pid "${stated[@]}")"
done

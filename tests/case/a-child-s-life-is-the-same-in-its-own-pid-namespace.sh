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
	# Stopping cannot be passed on by who is stopped by it.
	'stop by 19: runs while it is stopped = (yes|no)'
	# The process is the monitor, and what is set from outside is set for it.
	'as /proc shows it: (exe|comm|argv\[0\]) = .*'
	'its parameters from outside: the child = nice [07]'
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

for way in spawn spawn-own-group spawn-group spawn-session spawn-signals fork vfork double; do
	life "$way" bare &
	life "$way" rule LD_PRELOAD="$LIB" NSSHIM_PROFILE="$outside" &
	life "$way" pid LD_PRELOAD="$LIB" NSSHIM_PROFILE="$inside" &
	wait
	[ "$(wc -l <"$T/bare")" -gt 600 ] || fail "$way: only $(wc -l <"$T/bare") lines: $(tail -n 3 "$T/bare")"
	expect_unlike "$way, bare" 'life itself|IN TIME|ANOTHER|WRONG' "$(cat "$T/bare")"
	expect_eq "$way, a rule without pid" '' "$(difference bare rule)"
	stated=("${every[@]}")
	case $way in spawn*) ;; *) stated+=("${monitor[@]}") ;; esac
	expect_eq "$way, in a pid namespace" '' "$(difference bare pid "${stated[@]}")"
done

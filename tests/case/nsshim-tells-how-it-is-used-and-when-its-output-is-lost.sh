#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

export HOME=$T
commands='run exec trace check explain doctor profiles show import list drop'
own_sets

# Each has a help that fits a screen, and its own name in it; and all are listed.
run "$NSSHIM" --help
expect_eq 'help: exit status' 0 "$RC"
listed=$(sed -n 's/^  \([a-z]*\)  .*/\1/p' <<<"$OUT" | xargs)
expect_eq 'which commands there are' "$commands" "$listed"
for command in '' $commands; do
	# shellcheck disable=SC2086 # none or one
	run "$NSSHIM" $command --help
	expect_eq "$command --help: exit status" 0 "$RC"
	expect_silent "$command --help"
	expect_like "$command --help" "^usage: nsshim ${command:-COMMAND}" "$OUT"
	expect_eq "$command --help: lines that are too long" '' "$(awk 'length > 80' <<<"$OUT")"
	[ "$(wc -l <<<"$OUT")" -le 24 ] || fail "$command --help does not fit a screen"
	[ -z "$command" ] || expect_eq "$command -h" "$OUT" "$("$NSSHIM" "$command" -h)"
	[ -z "$command" ] || grep -qx ".Ss nsshim $command" "$TESTS/../shim/nsshim.1" ||
		fail "nsshim.1 does not tell of $command"
done
expect_like 'version' '^nsshim [0-9.]+$' "$("$NSSHIM" --version)"

# What is no command, or no option, and what was likely meant.
wrong() { # REGEX ARGUMENT...
	run "$NSSHIM" "${@:2}"
	expect_eq "${*:2}: exit status" 125 "$RC"
	expect_like "${*:2}" "$1" "$ERR"
	expect_eq "${*:2}: prints nothing" '' "$OUT"
}
wrong '^usage: nsshim COMMAND'
wrong '^usage: nsshim COMMAND' --nothing
wrong '^nsshim: there is no command `rnu`: did you mean `run`\?' rnu
wrong '^nsshim: there is no command `explian`: did you mean `explain`\?' explian x
wrong '^nsshim: there is no command `zzz`'$'\n' zzz
wrong '^nsshim: check: there is no option `--formt`: did you mean `--format`\?$' check --formt=json
wrong '^nsshim: drop: there is no option `--json`' drop --json x
wrong '^nsshim: list: it takes no argument' list x
wrong '^nsshim: drop: which set\?' drop
wrong '^nsshim: show: one profile at a time' show a b

# Output that does not arrive is no success.
for command in --help --version 'run --help' 'check --format=json' 'explain x' 'explain --json x' doctor profiles 'show' list 'list --json' 'profiles --json' 'doctor --json' 'check nope' 'check -f gcc nope'; do
	# shellcheck disable=SC2086 # words
	run sh -c '"$@" >/dev/full' - "$NSSHIM" $command
	expect_eq "$command, a full disk: exit status" 125 "$RC"
	expect_line "$command, a full disk" '^nsshim: write standard output: No space left on device \(ENOSPC\)$'
	# shellcheck disable=SC2086
	run sh -c '"$@" >&-' - "$NSSHIM" $command
	expect_eq "$command, closed: exit status" 125 "$RC"
	expect_line "$command, closed" '^nsshim: write standard output: Bad file descriptor \(EBADF\)$'
done
# A reader that has gone ends it as it ends others: by the signal, and where that is ignored by an error.
to_nobody() { # RESTORE_SIGNALS COMMAND...
	python3 -c '
import os, subprocess, sys
r, w = os.pipe()
os.close(r)
print(subprocess.run(sys.argv[2:], stdout=w, restore_signals=sys.argv[1] == "yes").returncode)' "$@"
}
run to_nobody yes "$NSSHIM" show 'net = new'
expect_eq 'SIGPIPE' -13 "$OUT"
expect_silent 'SIGPIPE'
run to_nobody no "$NSSHIM" show 'net = new'
expect_eq 'SIGPIPE is ignored: exit status' 125 "$OUT"
expect_line 'SIGPIPE is ignored' '^nsshim: write standard output: Broken pipe \(EPIPE\)$'

# Colours are for terminals, and for those who want them.
on_terminal() { # VARIABLE... -- COMMAND...
	TERM=xterm python3 -c '
import os, pty, sys
os.environ.pop("NO_COLOR", None)
out = []
def read(fd):
    data = os.read(fd, 4096)
    out.append(data)
    return b""
at = sys.argv.index("--")
os.environ.update(v.split("=", 1) for v in sys.argv[1:at])
pty.spawn(sys.argv[at + 1:], read, lambda fd: b"")
print(b"\33" in b"".join(out))' "$@" </dev/null
}
for command in profiles doctor 'explain true' 'check nope'; do
	# shellcheck disable=SC2086 # words
	set -- "$NSSHIM" $command
	expect_eq "$command, on a terminal" True "$(on_terminal -- "$@")"
	expect_eq "$command, NO_COLOR" False "$(on_terminal NO_COLOR=1 -- "$@")"
	expect_eq "$command, NO_COLOR is empty" True "$(on_terminal NO_COLOR= -- "$@")"
	expect_eq "$command, a dumb terminal" False "$(on_terminal TERM=dumb -- "$@")"
done
for command in 'profiles -j' 'doctor -j' 'explain -j true' 'check -f json nope' 'list -j' show --help; do
	# shellcheck disable=SC2086 # words
	expect_eq "$command, on a terminal" False "$(on_terminal -- "$NSSHIM" $command)"
done

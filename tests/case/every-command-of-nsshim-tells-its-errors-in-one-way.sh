#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

export HOME=$T # no profile of this user's
own_sets
commands=$("$NSSHIM" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p')
expect_eq 'how many there are' 11 "$(wc -w <<<"$commands")"

refused() { # REGEX COMMAND...: one line, 125, and nothing is done
	run "$NSSHIM" "${@:2}"
	expect_eq "${*:2}: exit status" 125 "$RC"
	expect_like "${*:2}" "^nsshim: $1" "$ERR"
	expect_eq "${*:2}: prints nothing" '' "$OUT"
}

# An option that there is not, one without its value, and one with a value that it does not take.
for command in $commands; do
	refused "$command: there is no option \`--nothing-such\`: --help shows them\$" "$command" --nothing-such
	refused "$command: there is no option \`--hepl\`: did you mean \`--help\`\?\$" "$command" --hepl
	refused "$command: there is no option \`-Z\`: nsshim $command --help\$" "$command" -Z
	refused "$command: \`--help=x\`: that option takes no value\$" "$command" --help=x
	mapfile -t with_value < <("$NSSHIM" "$command" --help | sed -n 's/^  -[a-z], --\([a-z]*\) [A-Z].*/--\1/p')
	for option in "${with_value[@]}"; do
		refused "$command: \`$option\` needs a value\$" "$command" "$option"
		refused '' "$command" "$option" '' x
	done
done
for command in run exec trace explain; do
	refused "$command: which program\?"$'\n'"usage: nsshim $command " "$command" --
done

# Each option that a help shows is taken, in its long and in its short form, and no other is.
for command in $commands; do
	long=$("$NSSHIM" "$command" --help | grep -o -- '^  \(-[a-z], \)\?--[a-z]*' | sed 's/.*--//')
	for option in $long; do
		letter=$("$NSSHIM" "$command" --help | sed -n "s/^  -\([a-z]\), --$option .*/\1/p")
		expect_like "$command --$option has a letter" '^[a-z]$' "$letter"
		grep -q "^\.\(It \)\?Fl $letter ,.*" "$TESTS/../shim/nsshim.1" ||
			fail "nsshim.1 does not tell of -$letter, of $command"
		for given in "--$option" "-$letter"; do
			run "$NSSHIM" "$command" "$given"
			expect_unlike "$command $given" 'there is no option' "$ERR"
		done
	done
done

# A profile that is not there, cannot be read, is no file, or has an error: the same line from each.
: >plain
printf '[a]\nnett = new\n' >bad.ini
printf '[a]\nnet = new\n' >secret.ini
chmod 0 secret.ini
mkdir dir
mkfifo fifo
with_profile() { # REGEX PROFILE
	local command
	for command in run exec trace explain doctor; do
		# shellcheck disable=SC2046 # a program, or none
		refused "$1" "$command" -p "$2" $([ $command = doctor ] || echo true)
		# (trace may add what it saw of the program: nothing.)
		[ $command = trace ] || expect_line "$command -p $2" '^nsshim: '
	done
	run "$NSSHIM" check "$2"
	expect_eq "check $2: exit status" 1 "$RC"
	expect_like "check $2" "^$1" "$OUT"
	expect_silent "check $2"
	case $2 in ./bad.ini) return ;; esac # which is shown
	refused "$1" show "$2"
}
with_profile 'find profile nope: .*ENOENT.*: looked for it as NAME.ini in ' nope
with_profile 'find profile -: .*ENOENT' -
with_profile 'find profile: an empty name' ''
with_profile "open $T/gone.ini: .*ENOENT" ./gone.ini
with_profile "open $T/plain/x.ini: .*ENOTDIR" ./plain/x.ini
with_profile "open $T/dir: no regular file" ./dir
with_profile "open $T/fifo: no regular file" ./fifo
with_profile "open /dev/zero: no regular file" /dev/zero
with_profile "$T/bad.ini:2: nett: unknown key" ./bad.ini
[ -n "$ROOT" ] || with_profile "open $T/secret.ini: .*EACCES" ./secret.ini
refused 'import: gone.json: No such file or directory$' import gone.json
[ -n "$ROOT" ] || refused 'import: .*secret.ini: .*Permission denied' import secret.ini
refused 'import: dir: Is a directory$' import dir

# A word too many, or too few.
refused 'profiles: it takes no argument' profiles x
refused 'list: it takes no argument' list x
refused 'doctor: it takes no argument' doctor x
refused 'show: one profile at a time' show a b
refused 'drop: which set' drop
refused 'drop: which set' drop a b
refused 'import: one file at a time' import a b
run "$NSSHIM" drop nothing
expect_eq 'drop of none: exit status' 1 "$RC"
expect_line 'drop of none' '^nsshim: drop: there is no set `nothing`'

# Output that is lost is no success, and a reader that has gone ends what prints.
cat >to-nobody.py <<'END'
import os, subprocess, sys
r, w = os.pipe()
os.close(r)
print(subprocess.run(sys.argv[1:], stdout=w, stderr=subprocess.PIPE).returncode)
END
echo '{"root": {"path": "/"}}' >config.json
for command in $commands 'check ./bad.ini' 'check -f json' 'check -f gcc nope' 'explain x' 'explain -j x' doctor 'doctor -j' profiles \
	'profiles -j' show list 'list -j' import 'import -f unshare -- -n x'; do
	# One that prints something of its own is asked for that, any other for its help.
	case $command in *' '* | doctor | profiles | show | list | import) ;; *) command="$command -h" ;; esac
	# shellcheck disable=SC2086 # words
	set -- $command
	run sh -c '"$@" >/dev/full' - "$NSSHIM" "$@"
	expect_eq "$*, a full disk: exit status" 125 "$RC"
	expect_line "$*, a full disk" '^nsshim: write standard output: .*ENOSPC'
	run sh -c '"$@" >&-' - "$NSSHIM" "$@"
	expect_eq "$*, closed: exit status" 125 "$RC"
	expect_line "$*, closed" '^nsshim: write standard output: .*EBADF'
	expect_eq "$*, SIGPIPE" -13 "$(python3 to-nobody.py "$NSSHIM" "$@")"
	# What reads nothing needs no standard input, and what says nothing no standard error.
	run sh -c '"$@" <&- 2>&-' - "$NSSHIM" "$@"
	expect_not "$*, without the others" '' "$OUT"
done
for command in run exec trace; do
	run sh -c '"$@" echo lost >/dev/full' - "$NSSHIM" $command
	expect_not "$command: the program's own status" 0 "$RC"
	expect_like "$command: the program's own words" 'echo: .*No space left' "$ERR"
	expect_eq "$command: the program's own end" -13 "$(python3 to-nobody.py "$NSSHIM" $command cat /proc/self/status | sed 's/^141$/-13/')"
done

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

host=$(ns_of net)
in_and_out() { # WHAT: of the last run, which is of two programs
	expect_eq "$1: exit status" 0 "$RC"
	expect_silent "$1"
	expect_like "$1: inside" '^net:' "$OUT"
	expect_not "$1: inside" "$host" "$OUT"
}
try() { # VALUE [VAR=VALUE]...
	local value=$1
	shift
	run env "$@" LD_PRELOAD="$LIB" NSSHIM_PROFILE="$value" env "$state" ns:net
}

profile 'net = new' "$T/some.ini" >/dev/null
try "$T/some.ini"
in_and_out 'an absolute path'
try ./some.ini
in_and_out 'a relative path'
mkdir -p home/.config/nsshim config/nsshim sub
profile 'net = new' home/.config/nsshim/mine.ini >/dev/null
profile 'ipc = new' config/nsshim/mine.ini >/dev/null
try mine HOME="$T/home"
in_and_out 'a name, below ~/.config'
profile 'net = new' config/nsshim/mine.ini >/dev/null
profile 'ipc = new' home/.config/nsshim/mine.ini >/dev/null
try mine HOME="$T/home" XDG_CONFIG_HOME="$T/config"
in_and_out 'a name, below XDG_CONFIG_HOME'

# A relative path goes on meaning the same file when a program changes its directory.
run env LD_PRELOAD="$LIB" NSSHIM_PROFILE=./watch.ini true
profile 'match = state; net = new' "$T/watch.ini" >/dev/null
run env LD_PRELOAD="$LIB" NSSHIM_PROFILE=./watch.ini sh -c 'cd sub && sh -c "exec \"$0\" ns:net" "$0"' "$state"
in_and_out 'a relative path, two programs later'

# A name that is nowhere.
try nowhere-$$ HOME="$T/home"
expect_eq 'nowhere: exit status' 125 "$RC"
expect_eq 'nowhere: nothing ran' '' "$OUT"
expect_like 'nowhere: the name' "nowhere-$$" "$ERR"
expect_like 'nowhere: where it was looked for' '/nsshim.*/etc/nsshim' "$ERR"
# A path that is not there.
try "$T/missing.ini"
expect_eq 'missing: exit status' 125 "$RC"
expect_line 'missing' "^nsshim: .*$T/missing.ini.*No such file or directory"

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

export HOME=$T PATH=$BUILD:$PATH
mkdir -p .config/nsshim && printf '[a]\nnet = new\n' >.config/nsshim/mine.ini
cp .config/nsshim/mine.ini here.ini
# shellcheck source=/dev/null
. "$TESTS/../shim/nsshim.bash"
expect_like 'it is for nsshim' '_nsshim nsshim$' "$(complete -p nsshim)"
compopt() { :; } # which only works while bash completes

completes() { # WANTED WORD...: the last is the one at the cursor
	COMP_WORDS=("${@:2}")
	COMP_CWORD=$(($# - 2))
	_nsshim
	expect_eq "${*:2}" "$1" "${COMPREPLY[*]}"
}
completes 'exec explain' nsshim ex
completes '--version' nsshim --v
completes '--profile' nsshim run --p
completes '--json' nsshim explain --j
completes '' nsshim run --j
completes '--all' nsshim trace --a
completes 'here.ini' nsshim trace -o he
completes 'mkfifo' nsshim trace -o here.ini mkfif
completes 'mine' nsshim run -p mi
completes 'mine' nsshim run --profile = mi
completes './here.ini' nsshim check ./he
completes 'none' nsshim show no
completes 'net=' nsshim exec -e ne
completes 'gcc' nsshim check --format g
completes 'nsenter' nsshim import --from nse
completes 'mkfifo' nsshim run -e net = new mkfif
completes 'here.ini' nsshim run ls he
completes '--json' nsshim profiles --j
# Its commands are those that there are.
COMP_WORDS=(nsshim '') COMP_CWORD=1
_nsshim
expect_eq 'all commands' "$(nsshim --help | sed -n 's/^  \([a-z]*\)  .*/\1/p' | xargs) --help --version" "${COMPREPLY[*]}"

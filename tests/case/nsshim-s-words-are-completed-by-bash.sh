#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

export HOME=$T PATH=$BUILD:$PATH
own_sets
mkdir -p .config/nsshim && printf '[a]\nnet = new\n' >.config/nsshim/mine.ini
cp .config/nsshim/mine.ini here.ini

# In a bash of its own, at a terminal: what a line becomes by a tab, and is offered by three.
cat >bash.py <<'END'
import pexpect, sys
bash = pexpect.spawn("bash", ["--norc", "--noprofile", "-i"], encoding="utf-8", timeout=20, dimensions=(200, 200))
bash.setecho(False)
def command(text):
    bash.sendline(text)
    bash.expect_exact("\r\n#> ")
bash.sendline("PS1=$'\\n#> '; bind 'set enable-bracketed-paste off' 'set completion-query-items 0' 'set page-completions off'")
bash.expect_exact("\r\n#> ")
command("source %s; nsshim_line() { printf '<%%s>' \"$READLINE_LINE\"; }; bind -x '\"\\C-xl\": nsshim_line'" % sys.argv[1])
for line in sys.stdin.read().splitlines():
    bash.send(line + "\t\x18l")
    bash.expect("<([^>]*)>")
    print(bash.match.group(1))
    bash.send("\x15")
END
completes() { # WANTED LINE
	wanted=$wanted$1$'\n'
	lines=$lines$2$'\n'
}
wanted='' lines=''
completes 'nsshim explain ' 'nsshim expl'
completes 'nsshim --version ' 'nsshim --v'
completes 'nsshim run --profile ' 'nsshim run --p'
completes 'nsshim explain --json ' 'nsshim explain --j'
completes 'nsshim list --json ' 'nsshim list --j'
completes 'nsshim run --j' 'nsshim run --j'
completes 'nsshim trace --all ' 'nsshim trace --a'
completes 'nsshim trace -o here.ini ' 'nsshim trace -o he'
completes 'nsshim trace --output=here.ini ' 'nsshim trace --output=he'
completes 'nsshim trace -o here.ini mkfifo ' 'nsshim trace -o here.ini mkfif'
completes 'nsshim run -p mine ' 'nsshim run -p mi'
completes 'nsshim run --profile=mine ' 'nsshim run --profile=mi'
completes 'nsshim check ./here.ini ' 'nsshim check ./he'
completes 'nsshim show none ' 'nsshim show no'
completes 'nsshim exec -e net=' 'nsshim exec -e net'
completes 'nsshim exec -e net=new ' 'nsshim exec -e net=n'
completes 'nsshim exec -e hostname=' 'nsshim exec -e host'
completes 'nsshim exec --set=landlock_r' 'nsshim exec --set=landl'
completes 'nsshim exec --set=when=load ' 'nsshim exec --set=when=l'
completes 'nsshim exec -e net=new -e on_error=continue ' 'nsshim exec -e net=new -e on_error=c'
completes 'nsshim check --format gcc ' 'nsshim check --format g'
completes 'nsshim check --format=json ' 'nsshim check --format=j'
completes 'nsshim import --from nsenter ' 'nsshim import --from nse'
completes 'nsshim import here.ini ' 'nsshim import here'
completes 'nsshim run -e net=new mkfifo ' 'nsshim run -e net=new mkfif'
completes 'nsshim run ls here.ini ' 'nsshim run ls her'
completes 'nsshim run -- ls here.ini ' 'nsshim run -- ls her'
run python3 bash.py "$TESTS/../shim/nsshim.bash" <<<"${lines%$'\n'}"
expect_eq 'what lines become' "${wanted%$'\n'}" "$OUT"
expect_silent 'bash'

# All that it offers is there: its commands, the keys of nsshim.5, and words that are values of these.
# shellcheck source=/dev/null
. "$TESTS/../shim/nsshim.bash"
expect_like 'it is for nsshim' '_nsshim nsshim$' "$(complete -p nsshim)"
compopt() { :; } # which only works while bash completes
# shellcheck disable=SC2034 # _nsshim reads them
COMP_WORDS=(nsshim '') COMP_CWORD=1
_nsshim
expect_eq 'all commands' "$(nsshim --help | sed -n 's/^  \([a-z]*\)  .*/\1/p' | xargs) --help --version" "${COMPREPLY[*]}"
keys="$(sed -n 's/^\.It Cm \([a-z0-9_-]*\) Ns = .*/\1/p' "$TESTS/../conf/nsshim.5") $KINDS pid uid_map gid_map arg0"
# shellcheck disable=SC2154 # of nsshim.bash; what an inline rule has no use for is left out
expect_eq 'all keys' "$(xargs -n 1 <<<"$keys" | grep -vx 'extends\|template' | sort -u)" "$(xargs -n 1 <<<"$_nsshim_keys" | sort)"
for key in $_nsshim_keys; do
	for value in $(_nsshim_values "$key"); do
		expect_eq "$key = $value is one" '' "$(nsshim check "$key = $value" | grep "$key: unknown")"
	done
done
expect_like 'what is none is told so' 'when: unknown' "$(nsshim check 'when = host')"

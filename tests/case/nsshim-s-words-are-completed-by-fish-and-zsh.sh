#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

export HOME=$T XDG_CONFIG_HOME=$T/.config PATH=$BUILD:$PATH
mkdir -p .config/nsshim && printf '[a]\nnet = new\n' >.config/nsshim/mine.ini

cp .config/nsshim/mine.ini here.ini
wanted='' offered=''

completes() { # WANTED LINE
	run fish -c "source $TESTS/../shim/nsshim.fish; complete -C '$2'"
	expect_eq "fish: $2" "$1" "$(cut -f1 <<<"$OUT" | LC_ALL=C sort | tr '\n' ' ')"
}
completes 'exec explain ' 'nsshim ex'
completes 'mine ' 'nsshim run -p mi'
completes 'gcc ' 'nsshim check --format g'
completes 'net= new_session= ' 'nsshim exec -e ne'
completes 'net=host net=new ' 'nsshim exec -e net='
completes '--set=when=load ' 'nsshim exec --set=when=l'
completes 'fallback=none fallback=userns ' 'nsshim run -p mine -e fallback='
completes '--json ' 'nsshim list --js'
completes '--all ' 'nsshim trace --al'
completes 'here.ini ' 'nsshim trace -o he'
completes 'mkfifo ' 'nsshim trace -o here.ini mkfif'
completes 'here.ini ' 'nsshim import he'
completes 'mkfifo ' 'nsshim run mkfif'
completes 'mkfifo ' 'nsshim run -e net=new -p mine mkfif'
completes 'here.ini ' 'nsshim run -p mine -- ls he'
# As many keys as bash has, which are those of nsshim.5.
# shellcheck source=/dev/null
. "$TESTS/../shim/nsshim.bash"
# shellcheck disable=SC2154 # of nsshim.bash
bash_keys=$(xargs -n 1 <<<"$_nsshim_keys" | sed 's/$/= /' | LC_ALL=C sort | tr -d '\n')
completes "$bash_keys" 'nsshim exec -e '
for key in $_nsshim_keys; do
	values=$(_nsshim_values "$key" | xargs -n 1 | LC_ALL=C sort | sed "/./s/.*/$key=&/" | xargs)
	offered="$offered nsshim exec -e $key="$'\n'
	wanted=$wanted$values$'\n'
done
run fish -c "source $TESTS/../shim/nsshim.fish; while read -l line; echo (complete -C (string trim -l -- \$line) | cut -f1 | sort); end" <<<"${offered%$'\n'}"
expect_eq 'fish: values' "$(printf %s "$wanted")" "$OUT"
completes 'nsenter ' 'nsshim import --from nse'

# zsh completes for a terminal alone.
cat >zsh.py <<'END'
import os, pty, select, sys, time
pid, fd = pty.fork()
if pid == 0:
    os.execvp("zsh", ["zsh", "-f", "-i"])
def type(text, until):
    os.write(fd, text.encode())
    seen, end = "", time.time() + 20
    while until not in seen and time.time() < end:
        if select.select([fd], [], [], 0.5)[0]:
            seen += os.read(fd, 4096).decode(errors="replace")
    return until in seen
type("PS1='> '; fpath=(%s $fpath); autoload -Uz compinit; compinit -u -D; echo rea''dy\n" % sys.argv[1], "ready")
for text, wanted in (
    ("nsshim expl\t", "explain"), ("nsshim run -p mi\t", "mine"), ("nsshim run --profile=mi\t", "mine"),
    ("nsshim check --format g\t", "gcc"), ("nsshim exec -e hostn\t", "hostname="), ("nsshim exec -e net=n\t", "net=new"),
    ("nsshim exec --set=when=l\t", "when=load"), ("nsshim list --j\t", "--json"), ("nsshim trace --al\t", "--all"), ("nsshim trace -o he\t", "here.ini"),
    ("nsshim import her\t", "here.ini"),
    ("nsshim show no\t", "none"), ("nsshim run -e net=new mkfif\t", "mkfifo"), ("nsshim run -p mine -- ls he\t", "here.ini"),
):
    print(text.strip(), type("\x15" + text, wanted))
os.write(fd, b"\x15exit\n")
os.waitpid(pid, 0)
END
mkdir functions && cp "$TESTS/../shim/nsshim.zsh" functions/_nsshim
run python3 zsh.py "$T/functions"
expect_eq 'zsh: not completed' '' "$(grep -v ' True$' <<<"$OUT")"
expect_like 'zsh' ' True$' "$OUT"
expect_eq 'zsh: keys' "$(xargs -n 1 <<<"$_nsshim_keys" | sort)" \
	"$(sed -n '/^\t\tkeys=(/,/)/p' functions/_nsshim | tr -d '()' | sed 's/keys=//' | xargs -n 1 | sort)"

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

export HOME=$T XDG_CONFIG_HOME=$T/.config PATH=$BUILD:$PATH
mkdir -p .config/nsshim && printf '[a]\nnet = new\n' >.config/nsshim/mine.ini
: >here.ini

completes() { # WANTED LINE
	run fish -c "source $TESTS/../shim/nsshim.fish; complete -C '$2'"
	expect_eq "fish: $2" "$1" "$(cut -f1 <<<"$OUT" | sort | tr '\n' ' ')"
}
completes 'exec explain ' 'nsshim ex'
completes 'mine ' 'nsshim run -p mi'
completes 'gcc ' 'nsshim check --format g'
completes '--all ' 'nsshim trace --al'
completes 'here.ini ' 'nsshim trace -o he'
completes 'net= ' 'nsshim exec -e ne'
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
for text, wanted in ("nsshim expl\t", "explain"), ("nsshim run -p mi\t", "mine"), ("nsshim check --format g\t", "gcc"), ("nsshim trace --al\t", "--all"):
    print(text.strip(), type("\x15" + text, wanted))
os.write(fd, b"\x15exit\n")
os.waitpid(pid, 0)
END
mkdir functions && cp "$TESTS/../shim/nsshim.zsh" functions/_nsshim
run python3 zsh.py "$T/functions"
expect_eq 'zsh' 'nsshim expl True
nsshim run -p mi True
nsshim check --format g True
nsshim trace --al True' "$OUT"

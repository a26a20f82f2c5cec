#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

python3 -c 'import pexpect' 2>/dev/null || skip 'no pexpect (package python3-pexpect)'
maps='uid_map = self; gid_map = self'
ln -s "$(readlink -f "$(type -P sleep)")" job # so called, for rules and for ps
ln -s "$(readlink -f "$(type -P cat)")" eat
ln -s "$(readlink -f "$(type -P bash)")" inner-bash

cat >drive.py <<'END2'
import os, pexpect, sys, time

bash = pexpect.spawn(sys.argv[1], ["--norc", "--noprofile", "-i"], encoding="utf-8", timeout=15,
                     env=dict(os.environ, PS1="$ ", TERM="dumb", HISTFILE=""))
shown = 0

def told(what, expression):
    try:
        bash.expect(expression)
        print("%s: %s" % (what, bash.match.group(0).strip()))
    except (pexpect.TIMEOUT, pexpect.EOF) as e:
        print("%s: %s, after %r" % (what, type(e).__name__, bash.before[-300:]))
        bash.close(force=True)
        sys.exit(1)

def send(line):
    bash.sendline(line)

def key(c, wait=0.4):
    time.sleep(wait)
    bash.sendcontrol(c)

send("bind 'set enable-bracketed-paste off'; stty -echo; PATH=$PWD:$PATH; PS1=; echo be''gin")
told("shell", "begin\r")
send("job 50"); key("c")
send("echo st=$?")
told("^C", r"st=\d+")
send("job 50"); key("z")
told("^Z", r"\[1\]\+  Stopped +job 50")
send("echo st=$?; jobs")
told("status of what is stopped", r"st=\d+")
told("jobs", r"\[1\]\+  Stopped +job 50")
send("bg; jobs")
told("bg", r"\[1\]\+ job 50 &")
told("jobs after bg", r"\[1\]\+  Running +job 50 &")
send("fg"); key("c")
told("fg", "job 50")
send("echo st=$?")
told("^C after fg", r"st=130")
send("job 50 & sleep 0.3; kill %1; wait %1; echo st=$?")
told("kill %1", r"st=\d+")
send("job 50 & sleep 0.3; kill -STOP %1; sleep 0.3; jobs; kill -CONT %1; sleep 0.3; jobs; kill -KILL %1; wait %1; echo st=$?")
told("kill -STOP", r"Stopped[^\r]*job 50")
told("kill -CONT", r"Running +job 50 &")
told("kill -KILL", r"st=\d+")
send("eat & sleep 0.5; jobs")
told("a reader in the background", r"Stopped +eat")
send("fg"); time.sleep(0.4); send("typed")
told("fg of a reader", r"typed\r")
key("d", 0.3)
send("echo st=$?")
told("^D", r"st=\d+")
send("job 60 | eat"); key("z")
told("^Z of a pipeline", r"Stopped +job 60 \| eat")
send("fg"); key("\\")
send("echo st=$?")
told("^\\ of a pipeline", r"st=131")
send("trap 'echo got-winch' WINCH; job 0.1; echo st=$?")
told("a quick one", r"st=0")
send("job 55 & job 56 & sleep 0.3; kill %2 %1; wait; jobs; echo st=done")
told("several", "st=done")
send("exit 3")
bash.expect(pexpect.EOF)
bash.close()
print("exit", bash.exitstatus, bash.signalstatus)
END2

drive() { # TO SHELL [VAR=VALUE]...
	local to=$1 shell=$2
	shift 2
	"$PROG/reap" 120 timeout 100 env "$@" python3 drive.py "$shell" >"$to" 2>&1
	echo "rc $?" >>"$to"
}
drive bare "$T/inner-bash"
expect_like 'bash, without the library' $'\nexit 3 None\nrc 0$' "$(cat bare)"
commands="match = job; match = eat; pid = new; mnt = new; $maps"
drive commands "$T/inner-bash" LD_PRELOAD="$LIB" NSSHIM_PROFILE="$(profile "$commands" "$T/commands.ini")"
expect_eq 'commands in pid namespaces of their own' '' "$(diff bare commands)"
drive shell "$T/inner-bash" LD_PRELOAD="$LIB" \
	NSSHIM_PROFILE="$(profile "match = inner-bash; pid = new; mnt = new; $maps" "$T/shell.ini")"
expect_eq 'a shell in a pid namespace' '' "$(diff bare shell)"

if command -v tmux >/dev/null; then
	ln -s "$(type -P tmux)" inner-tmux
	session() { # [VAR=VALUE]...
		mkdir -p sockets
		"$PROG/reap" 60 timeout 50 env "$@" TMUX_TMPDIR="$T/sockets" TERM=xterm script -qec "./inner-tmux -f /dev/null new-session 'echo pids=\$(ls -d /proc/[0-9]* | wc -l) >said; ./job 0.2; exit 5'" /dev/null 0<&- >screen 2>&1 </dev/null
		echo "rc $?"
	}
	expect_eq 'tmux, without the library' 'rc 0' "$(session)"
	outside=$(cat said)
	expect_eq 'tmux inside' 'rc 0' "$(session LD_PRELOAD="$LIB" \
		NSSHIM_PROFILE="$(profile "match = inner-tmux; pid = new; mnt = new; $maps" "$T/tmux.ini")")"
	expect_not 'tmux inside: how many processes it sees' "$outside" "$(cat said)"
else
	skip_part 'no tmux'
fi

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

mkdir tmp && export TMPDIR=$T/tmp
told() {
	sed -E 's/^ *[0-9]+\.[0-9]{3} ms  ( *)[0-9]+  /\1/; s/, [0-9]+ us$//; s/ [0-9]{10}//g; s/: user /: /' <<<"$ERR"
}
traced() { run timeout -s KILL 60 "$BUILD/nsshim" trace --all "$@"; }

# Past the doors: by the system calls themselves, with an environment of its own; and from no library.
cat >past.c <<'END'
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
extern char **environ;
/* past fork|vfork|exec clear|keep|quiet PROGRAM [ARGUMENT]... */
int main(int argc, char **argv)
{
	char *none[] = { NULL }, **env = !strcmp(argv[2], "clear") ? none : environ;
	int status = 0;
	if (!strcmp(argv[2], "quiet"))
		unsetenv("NSSHIM_LOG");
	long pid = !strcmp(argv[1], "fork") ? syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)
		   : !strcmp(argv[1], "vfork") ? vfork() : 0;

	if (!pid) {
		syscall(SYS_execve, argv[3], argv + 3, env);
		_exit(99);
	}
	waitpid(pid, &status, 0);
	return argc > 3 && WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}
END
cc -O2 -o past past.c && cc -O2 -static -o static past.c || exit 1

traced -e match=state -e uts=new sh -c './past vfork clear "$0" args && ./static fork keep "$0" args && ./past fork clear /bin/sh -c "/bin/true; exit 6"' "$state"
expect_eq 'its status' 6 "$RC"
expect_eq 'its output' 'arg 1 args|arg 1 args' "$(grep -v '^arg 0' <<<"$OUT" | paste -sd '|')"
expect_eq 'past the doors' 'sh  outside
  past  outside
    state  past every door: LD_PRELOAD is not in its environment
  static  past every door: statically linked
    state  [inline] by load: uts
  past  outside
    sh  past every door: LD_PRELOAD is not in its environment
      true  past every door: LD_PRELOAD is not in its environment
4 past every door' "$(told)"
traced -e match=state -e uts=new sh -c './past fork quiet /bin/true; :'
expect_eq 'without a record' 'sh  outside
  past  outside
    true  unknown: it would load the library, and has left no record' "$(told)"
# What no library saw is not told of else.
run "$BUILD/nsshim" trace -e match=state -e uts=new sh -c './past fork clear "$0"; :' "$state"
expect_eq 'without --all' 'sh  outside
  past  outside' "$(told)"

# A program with more power than its caller; root has none more.
traced -e match=x sh -c 'su --version && :'
expect_like 'set-user-ID: it runs' '^su ' "$OUT"
wanted='past every door: set-user-ID
1 past every door'
[ -z "$ROOT" ] || wanted=outside
expect_eq 'set-user-ID' "sh  outside
  su  $wanted" "$(told)"
# A root without the library.
mkdir -p root/bin && cp past root/bin && for file in $(ldd past | grep -o '/[^ ]*'); do
	cp --parents "$file" root
done
traced -e match=x unshare -Ur chroot root /bin/past exec keep /bin/past fork clear /bin/none
expect_eq 'another root' 'unshare  outside
chroot  outside
past  past every door: the library is not among the files that it sees
past  past every door: the library is not among the files that it sees
  (forked)  past every door: the library is not among the files that it sees
3 past every door' "$(told | grep -v '^ERROR: ld.so')"

# What has entered, and what it starts, by each way in.
traced -e match=sh -e uts=new -e ipc=new bash -c 'sh -c "/bin/true; (exit 3); /bin/false"; :'
expect_eq 'inside' 'bash  outside
  sh  [inline] by exec: ipc uts
    true  inside
    (forked)  inside
  false  inside' "$(told | sed 's/^    false/  false/')"
traced -e match=state -e pid=new -e mnt=new sh -c '"$0"; :' "$state"
expect_eq 'a monitor, and the program' 'sh  outside
  state  [inline] by image: mnt pid
    state  inside' "$(told)"
traced -e match=sh -e pid=new -e mnt=new python3 -c 'import os
os.posix_spawn("/bin/sh", ["sh", "-c", "/bin/true; :"], os.environ)
os.wait()'
expect_eq 'born by posix_spawn' 'python3  outside
  sh  [inline] by spawn: mnt pid
    true  inside' "$(told)"
traced -e 'match=python3*' -e uts=new -e when=fork python3 -c 'import os
os.fork() or os.execv("/bin/true", ["true"])
os.wait()'
expect_eq 'by fork' 'python3  outside
  (forked)  [inline] by fork: uts
  true  inside' "$(told)"
# Its helper has the powers of its tools.
[ -n "$ROOT" ] || {
	traced -e match=sh -e uts=new -e uid_map=auto -e gid_map=auto python3 -c 'import os
os.posix_spawn("/bin/sh", ["sh", "-c", "cat /proc/self/uid_map | wc -l; :"], os.environ)
os.wait()'
	expect_eq 'ranges of ids' 2 "$OUT"
}

# A process in another pid namespace has the number that it has outside.
traced -jo tree.json -e match=state -e uts=new unshare -Urpf --mount-proc sh -c '"$0" args >/dev/null; echo $$; sleep 0.1 & wait' "$state"
expect_eq 'its number inside' 1 "$OUT"
cat >look.py <<'END'
import json
tree = json.load(open("tree.json"))
def tell(processes, depth):
    for p in processes:
        assert p["pid"] > 100 and p["status"] == 0, p
        for g in p["programs"]:
            print(" " * depth + g["program"], g["state"], g.get("path", "-")[0])
        tell(p["started"], depth + 1)
tell(tree["processes"], 0)
assert tree["all"] and not tree["said"], tree
END
expect_eq 'another pid namespace' 'unshare outside /
 sh outside /
  state entered /
  sleep outside /' "$(python3 look.py 2>&1)"

# One that is only called as the library's own init is followed as any other.
traced -e match=x bash -c '(exec -a nsshim-init sh -c "/bin/true; exit 3"); exit $?'
expect_eq 'a name of the library' '3|bash  outside|  sh  outside|    true  outside' "$RC|$(told | paste -sd '|')"

# Each the child of the one before.
cat >chain.c <<'END'
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
	for (int n = 0; n < 220; n++)
		if (fork())
			return wait(NULL) < 0;
	return 0;
}
END
cc -O2 -o chain chain.c || exit 1
traced -e match=x ./chain
expect_eq 'a chain' '221 400' "$(told | awk '{ match($0, /^ */); if (RLENGTH > most) most = RLENGTH } END { print NR, most }')"

# A member of many groups, which are all told by /proc before what is looked for.
[ -z "$ROOT" ] || {
	traced -e match=state -e uts=new python3 -c 'import os, sys
os.setgroups(range(1000, 3000))
os.execvp("unshare", ["unshare", "-pf", "--mount-proc", "sh", "-c", "\"$0\" >/dev/null; :", sys.argv[1]])' "$state"
	expect_eq 'many groups' 'python3  outside|unshare  outside|  sh  outside|    state  [inline] by exec: uts' "$(told | paste -sd '|')"
}

# Threads: one starts a program, one of them becomes one.
traced -e match=state -e uts=new python3 -c 'import os, subprocess, sys, threading
for f in (lambda: subprocess.run([sys.argv[1]]), lambda: os.execv("/bin/sh", ["sh", "-c", "exit 8"])):
    t = threading.Thread(target=f)
    t.start()
    t.join()' "$state"
expect_eq 'threads' '8|python3  outside|sh  outside|  state  [inline] by exec: uts' "$RC|$(told | paste -sd '|')"

# Many at once, none lost.
{
	echo 'all: $(shell seq 1 60)'
	printf '%%: ; @/bin/true; /bin/true\n'
} >Makefile
traced -e match=true -e uts=new make -s -j8
expect_eq 'make -j8' "${RC} 122" "0 $(grep -c '^    true  \[inline\] by exec\|^  true  \[inline\] by exec' <<<"$(told)")"

# Stopped and continued as without; signals; how it ends; what goes on.
traced sh -c '(sleep 0.2; kill -CONT $$) & kill -STOP $$; wait; exit 9'
expect_eq 'stopped by itself' 9 "$RC"
traced bash -c '(kill -STOP $BASHPID; exit 3) & until grep -q "^State:.T\|^State:.t" /proc/$!/status; do sleep 0.02; done; kill -CONT $!; wait $!'
expect_eq 'a child that stops' 3 "$RC"
traced sh -c 'trap "exit 9" USR1; kill -USR1 $PPID; while :; do sleep 0.05; done'
expect_eq 'a signal that is sent' 9 "$RC"
traced sh -c 'kill -KILL $$'
expect_eq 'killed' 137 "$RC"
traced sh -c 'trap "" HUP; (sleep 1000 & echo $! >sleeper; kill -STOP $!; sleep 0.5; /bin/true; echo late >late) >/dev/null 2>&1 & until [ -s sleeper ]; do sleep 0.02; done; exit 4'
expect_eq 'before its child' 4 "$RC"
expect_like 'before its child' '  \(forked\)  outside, goes on' "$(told)"
for _ in {1..100}; do [ -e late ] || sleep 0.05; done
expect_eq 'what goes on' late "$(cat late)"
expect_like 'stopped, and let go' 'State:.T' "$(cat "/proc/$(cat sleeper)/status")"
kill -9 "$(cat sleeper)"
cat >terminal.py <<'END'
import pexpect, signal, sys
def heed(): # what runs this may ignore it, as a job in the background does
    signal.signal(signal.SIGINT, signal.SIG_DFL)
c = pexpect.spawn("/bin/bash", ["--norc", "-i"], encoding="utf8", timeout=20, preexec_fn=heed, env={"PS1": "P> ", "PATH": "/usr/bin:/bin", "TERM": "dumb"})
def type(line, *wanted):
    c.send(line)
    for w in wanted:
        c.expect(w)
c.expect("P> ")
type(sys.argv[1] + " trace -a sh -c 'echo ru''ns; sleep 1; echo do''ne; exit 4'\n", "runs")
type("\x1a", "Stopped", "P> ")
type("fg\n", "done", "sh  outside", "P> ")
type("echo st''atus $?\n", "status 4")
type(sys.argv[1] + " trace -a sh -c 'echo ru''ns; sleep 50'\n", "runs")
type("\x03", "sh  outside", "P> ")
type("echo st''atus $?\n", "status 130")
type(sys.argv[1] + " trace -a bash --norc -i\n", "P> ")
type("sh -c 'echo ru''ns; sleep 50'\n", "runs")
type("\x1a", "Stopped", "P> ")
type("bg\n", "P> ")
type("kill %1; wait %1; echo st''atus $?\n", "status 143", "P> ")
type("exit 5\n", "bash  outside", "P> ")
type("echo st''atus $?\n", "status 5")
END
run python3 terminal.py "$BUILD/nsshim"
expect_eq "a terminal: $ERR" 0 "$RC"

# Where it is not allowed nothing is run.
run "$PROG/seccomp" ptrace:ENOSYS "$BUILD/nsshim" trace --all touch made
expect_eq 'a filter: exit status' 125 "$RC"
expect_line 'a filter' '^nsshim: ptrace: Function not implemented \(ENOSYS\): a filter of system calls, .*without --all'
run strace -f -o strace.out "$BUILD/nsshim" trace --all touch made
expect_eq 'followed already: exit status' 125 "$RC"
expect_line 'followed already' '^nsshim: ptrace: .* \(EPERM\): another program, as a debugger, follows'
[ ! -e made ] || fail 'it was run'
traced "$T/not-there"
expect_eq 'not there' 127 "$RC"
expect_line 'not there' '^nsshim: trace: .*/not-there: No such file or directory$'
traced -jo tree.json "$T/not-there"
expect_eq 'not there, in JSON' '127 []' "$(python3 -c 'import json; t = json.load(open("tree.json")); print(t["status"], t["processes"])')"
expect_eq 'at the end' '' "$(ls "$TMPDIR")"

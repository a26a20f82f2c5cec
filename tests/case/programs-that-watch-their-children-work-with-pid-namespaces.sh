#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# Programs that are not ours, which start, wait for, signal and trace children: they say the same
# where these, or they themselves, are in pid namespaces of their own.

maps='uid_map = self; gid_map = self'
new="pid = new; mnt = new; $maps"
absent=
names() { # NAME... : links that rules can name
	local name
	for name; do
		ln -sf "$(readlink -f "$(type -P "$name")")" "inner-$name"
	done
}
names sh python3
ln -s "$PROG/life-child" .

# What a command says and how it ends, without the library and with: the same, and nothing is left.
# env starts it, so that a rule may put itself inside.
same() { # WHAT RULE COMMAND...
	local what=$1 rule=$2 bare with
	shift 2
	if ! command -v "$1" >/dev/null; then
		absent="$absent$1 "
		return
	fi
	bare=$("$PROG/reap" 60 timeout 50 "$@" 2>&1 </dev/null; echo "rc $?")
	with=$("$PROG/reap" 60 timeout 50 env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$(profile "$rule")" env "$@" 2>&1 </dev/null
		echo "rc $?")
	expect_eq "$what" "$bare" "$with"
	expect_unlike "$what: it works at all" 'Traceback|rc (124|9[789]|12[567])' "$bare"
}

# make executes its jobs by posix_spawn. Each says how many processes it sees.
cat >Makefile <<'END2'
all: one two three four
%: ; @./life-child plain burn:30 exit:0 && ./inner-sh -c 'test $$$$ -gt 0 || exit 1; echo done >$@.out'
failing: ; @./life-child plain exit:7
dying: ; @./life-child plain raise:15
slow: slow1 slow2 slow3
slow1 slow2 slow3: ; @./life-child plain ready pause
END2
same 'make -j4' "match = life-child; match = inner-sh; $new" make -j4
expect_eq 'make: what was made' 4 "$(cat one.out two.out three.out four.out | grep -c 'done')"
same 'make, a job that fails' "match = life-child; $new" make failing
same 'make, a job that dies' "match = life-child; $new" make dying
same 'make -j3 that is told to end' "match = life-child; $new" \
	bash -c 'timeout --foreground -s TERM 1 make -sj3 slow 2>&1 | sort; echo "${PIPESTATUS[0]}"'
same 'make, all of it inside' "match = make; $new" make -j4
printf '%s\n' exit:0 exit:1 burn:20 exit:0 >words
same 'xargs -P' "match = life-child; $new" xargs -P 4 -n 1 -a words ./life-child

cat >many.py <<'END2'
import multiprocessing, os, signal, subprocess, sys, time

def square(x):
    return x * x

def die(sig):
    os.kill(os.getpid(), sig)

def main():
    for method in sys.argv[1:]:
        context = multiprocessing.get_context(method)
        with context.Pool(3) as pool:
            print(method, sum(pool.map(square, range(100))))
        for sig in signal.SIGTERM, signal.SIGKILL:
            p = context.Process(target=die, args=(sig,))
            p.start()
            p.join()
            print(method, "died", p.exitcode)
        p = context.Process(target=time.sleep, args=(60,))
        p.start()
        p.terminate()
        p.join()
        print(method, "terminated", p.exitcode, p.is_alive())
    for close_fds in True, False:
        for words in ["exit:3"], ["plain", "raise:11"], ["plain", "raise:9"]:
            print(close_fds, words, subprocess.run(["./life-child"] + words, close_fds=close_fds).returncode)
        p = subprocess.Popen(["./life-child", "plain", "ready", "pause"], stdout=subprocess.PIPE, close_fds=close_fds)
        p.stdout.readline()
        try:
            p.wait(0.2)
        except subprocess.TimeoutExpired:
            print("timeout", p.poll())
        p.terminate()
        print("terminated", p.wait(), p.stdout.read())
    p = subprocess.Popen(["./life-child", "plain", "ready", "wait", "exit:4"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    print(p.communicate(b"x"), p.returncode)

if __name__ == "__main__":
    main()
END2
same 'python, what it starts' "match = life-child; $new" python3 many.py fork spawn forkserver
# The server of forkserver would tell the numbers that its children have inside.
same 'python, its workers and what it starts' "match = life-child; match = python3*; $new" python3 many.py fork spawn
same 'python inside' "match = inner-python3; $new" "$T/inner-python3" many.py fork spawn forkserver

cat >expect.py <<'END2'
import pexpect, signal
p = pexpect.spawn("./inner-sh", ["-c", "echo name?; read n; echo hello $n; test -t 0 && echo tty; exit 6"], encoding="utf-8", timeout=10)
p.setecho(False)
p.expect("name")
p.sendline("x")
p.expect("hello x")
p.expect("tty")
p.expect(pexpect.EOF)
p.close()
print(p.exitstatus, p.signalstatus)
p = pexpect.spawn("./life-child", ["plain", "ready", "pause"], timeout=10)
p.expect("ready")
p.sendintr()
p.expect(pexpect.EOF)
p.close()
print(p.exitstatus, p.signalstatus)
p = pexpect.spawn("./life-child", ["plain", "ready", "pause"], timeout=10)
p.expect("ready")
print(p.isalive(), p.terminate(), p.exitstatus, p.signalstatus)
p = pexpect.spawn("./life-child", ["plain", "ready", "pause"], timeout=10)
p.expect("ready")
p.close(force=True)
print(p.isalive(), p.exitstatus, p.signalstatus)
END2
if python3 -c 'import pexpect' 2>/dev/null; then
	same 'pexpect' "match = life-child; match = inner-sh; $new" python3 expect.py
	same 'pexpect inside' "match = inner-python3; $new" "$T/inner-python3" expect.py
else
	absent="${absent}pexpect "
fi

# A tracer executes past no monitor: it follows the program into the namespace.
for word in exit:3 raise:15 raise:11 raise:9; do
	same "strace -f, $word" "match = life-child; $new" strace -f -o trace ./life-child plain "$word"
	grep -q "exit_group(3)\|killed by SIG" trace || fail "strace sees no end: $(tail -n 3 trace)"
done
names strace
same 'strace inside' "match = inner-strace; $new" "$T/inner-strace" -f -e trace=exit_group -o /dev/null sh -c './life-child exit:2; exit 5'
# gdb does not: what it started is the monitor, whose end is that of the program, and which has no
# breakpoints. Who wants them starts gdb inside.
gdb=(-q -nx -batch -ex 'set debuginfod enabled off')
clean_gdb() { # what differs from run to run
	"$@" 2>&1 | grep -E '^[$]|exited|terminated|Program received|Breakpoint 1,' | sed 's/(process [0-9]*)/(process N)/; s/argv=0x[0-9a-f]*/argv=N/'
}
if command -v gdb >/dev/null; then
	export -f clean_gdb
	for word in exit:3 raise:11; do
		same "gdb, $word" "match = life-child; $new" bash -c 'clean_gdb "$@"' - \
			gdb "${gdb[@]}" -ex run --args ./life-child plain $word
		ln -sf "$(type -P gdb)" inner-gdb
		same "gdb inside, $word" "match = inner-gdb; $new" bash -c 'clean_gdb "$@"' - \
			./inner-gdb "${gdb[@]}" -ex 'break main' -ex run -ex 'print argc' -ex continue --args ./life-child plain $word
	done
else
	absent="${absent}gdb "
fi
[ -z "$absent" ] || skip_part "not installed: ${absent% }"

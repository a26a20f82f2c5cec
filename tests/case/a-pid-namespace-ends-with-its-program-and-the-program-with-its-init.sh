#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

maps='uid_map = self; gid_map = self'
cat >parent.py <<'END2'
import ctypes, os, signal, subprocess, sys, time

how, what = sys.argv[1], sys.argv[2]

def start(script):
    """The program inside: a shell. Its first line on a pipe says that it runs."""
    r, w = os.pipe()
    argv = ["inner-sh", "-c", script]
    path = os.path.abspath("inner-sh")
    if how == "posix_spawn":
        pid = os.posix_spawn(path, argv, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, w, 1)])
    else:
        pid = os.fork()
        if pid == 0:
            os.dup2(w, 1)
            os.execv(path, argv)
    os.close(w)
    return pid, os.fdopen(r, "rb", buffering=0)

def line(f):
    return f.readline().decode().strip()

def end(pid):
    _, status = os.waitpid(pid, 0)
    return "signal %d" % os.WTERMSIG(status) if os.WIFSIGNALED(status) else "exit %d" % os.WEXITSTATUS(status)

def inner():
    """pid as seen here: (number inside, name) of all that have a pid namespace below ours."""
    found = {}
    for p in filter(str.isdigit, os.listdir("/proc")):
        try:
            text = open("/proc/%s/status" % p).read()
            ns = text.split("NSpid:")[1].split("\n")[0].split()
            parent = text.split("PPid:")[1].split()[0]
        except (OSError, IndexError):
            continue
        if len(ns) > depth:
            found[int(p)] = (int(ns[depth]), text.split("Name:")[1].split()[0], int(parent))
    return found

depth = len(open("/proc/self/status").read().split("NSpid:")[1].split("\n")[0].split())

def family(pid):
    """Those of inner() in the namespace of the program that was started as pid."""
    all = inner()
    program = pid if pid in all else [p for p in all if all[p][2] == pid and all[p][0] == 2][0]
    def ns(p):
        try:
            return os.readlink("/proc/%d/ns/pid" % p)
        except OSError:
            return None
    mine = ns(program)
    return {p: v for p, v in all.items() if mine and ns(p) == mine}

def lives(pid):
    try:
        return open("/proc/%d/stat" % pid).read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False

def gone(pids):
    for _ in range(300):
        left = [p for p in pids if lives(p)]
        if not left:
            return "gone"
        time.sleep(0.01)
    return "left: %s" % left

def no_child():
    for _ in range(100):
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid:
                return "a child more"
        except ChildProcessError:
            return "none"
        time.sleep(0.01)
    return "a living child"

if what == "init-killed":
    pid, out = start("echo ready; sleep 100; :")
    line(out)
    # The program may be faster than its init, which has yet to give itself its name.
    for _ in range(500):
        all = family(pid)
        init = [p for p in all if all[p][0] == 1]
        if init and all[init[0]][1].startswith("nsshim"):
            break
        time.sleep(0.01)
    print("inits", len(init), all[init[0]][1][:6] if init else "")
    os.kill(init[0], signal.SIGKILL)
    print(end(pid), gone(all), no_child())
elif what == "program-killed":
    pid, out = start("sleep 100 & sleep 100 & setsid sleep 100 & echo ready; wait")
    line(out)
    time.sleep(0.1)
    all = family(pid)
    print("processes inside", len(all))
    os.kill(pid, signal.SIGKILL)
    print(end(pid), gone(all), no_child(), out.read())
elif what == "program-ends":
    pid, out = start("sleep 100 & setsid sleep 100 & (setsid sleep 100 &) ; echo ready; sleep 0.3; exit 7")
    line(out)
    time.sleep(0.1)
    all = family(pid)
    print("processes inside", len(all))
    print(end(pid), gone(all), no_child(), out.read())
elif what == "orphans":
    pid, out = start("for i in 1 2 3 4 5 6 7 8 9; do (sleep 0.02 &) ; done; (sleep 0.05 & exec sleep 0.01) ; sleep 0.5; echo zombies $(cat /proc/[0-9]*/status 2>/dev/null | grep -c 'State:.Z'); sleep 3; :")
    print(line(out))
    all = family(pid)
    print("inside", sorted(v[0] for v in all.values() if v[0] <= 2), "names", sorted(v[1][:6] for v in all.values() if v[0] == 1))
    os.kill(pid, signal.SIGTERM)
    print(end(pid), gone(all), no_child())
elif what == "shows-inside":
    pid, out = start("set -- /proc/[0-9]*; echo $# $$ $PPID; ps -e -o pid= | wc -l; kill -0 1 && echo may; kill -9 1; kill -TERM 1; kill -HUP 1; sleep 0.1; kill -0 1 && echo still")
    print(out.read().decode().split())
    print(end(pid), no_child())
elif what == "subreaper":
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
    pid, out = start("exit 5")
    print(end(pid))
    time.sleep(0.2)
    count = 0
    try:
        while count < 5 and os.waitpid(-1, 0):
            count += 1
    except ChildProcessError:
        pass
    print("others", count)
END2
ln -s "$(readlink -f "$(type -P bash)")" inner-sh
rule="match = inner-sh; pid = new; mnt = new; $maps"

try() { # HOW WHAT
	run "$PROG/reap" 60 timeout 50 env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$(profile "$rule")" python3 parent.py "$1" "$2"
	expect_silent "$1, $2"
	expect_eq "$1, $2: exit status (99: processes are left)" 0 "$RC"
}
for how in posix_spawn fork; do
	try $how init-killed
	expect_eq "$how: the init is killed" $'inits 1 nsshim\nsignal 9 gone none' "$OUT"
	try $how program-killed
	expect_eq "$how: the program is killed" $'processes inside 5\nsignal 9 gone none b\'\'' "$OUT"
	try $how program-ends
	expect_eq "$how: the program ends" $'processes inside 6\nexit 7 gone none b\'\'' "$OUT"
	try $how orphans
	expect_eq "$how: orphans" $'zombies 0\ninside [1, 2] names [\'nsshim\']\nsignal 15 gone none' "$OUT"
	try $how shows-inside
	expect_like "$how: what /proc shows" "^\['2', '2', '[01]', '[2345]', 'may', 'still'\]"$'\nexit 0 none$' "$OUT"
	try $how subreaper
	case $how in
	posix_spawn) expect_eq 'a subreaper adopts the init' $'exit 5\nothers 1' "$OUT" ;;
	*) expect_eq 'a monitor has waited for the init' $'exit 5\nothers 0' "$OUT" ;;
	esac
	# Pid 1 of a container: all come to it.
	run "$PROG/reap" 60 timeout 50 unshare "${OWN[@]}" --pid --fork --mount-proc env LD_PRELOAD="$LIB" \
		NSSHIM_PROFILE="$(profile "$rule")" python3 parent.py $how subreaper
	expect_silent "$how, pid 1 of a container"
	expect_like "$how, pid 1 of a container" $'exit 5\nothers [01]' "$OUT"
	expect_eq "$how, pid 1 of a container: exit status" 0 "$RC"
done

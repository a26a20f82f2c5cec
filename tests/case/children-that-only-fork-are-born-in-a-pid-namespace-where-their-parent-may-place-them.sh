#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

cat >workers.py <<'END'
import os, sys, threading, time

def fork(n):
    try:
        pid = os.fork()
    except OSError as e:
        print("errno", e.errno)
        return
    if pid:
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        lines.append(f"status {status}")
    else:
        # Orphaned, it is gone when its worker ends.
        if not os.fork():
            time.sleep(1000)
        ids = sorted(int(n) for n in os.listdir("/proc") if n.isdigit())
        os.write(1, f"pid {os.getpid()} parent {os.getppid()} all {ids}\n".encode())
        os._exit(n)

lines = []
threads = [threading.Thread(target=fork, args=(n,)) for n in range(1, 5)]
for one in threads:
    one.start()
for one in threads:
    one.join()
sys.stdout.write("".join(line + "\n" for line in sorted(lines)))
ns = os.stat("/proc/thread-self/ns/pid").st_ino
print("back", all(os.stat(f"/proc/self/task/{t}/ns/pid_for_children").st_ino == ns for t in os.listdir("/proc/self/task")))
try:
    os.wait()
except ChildProcessError:
    print("no child left")
print("descriptors", len(os.listdir("/proc/self/fd")))
END
plain=$(python3 -c 'import os; print("descriptors", len(os.listdir("/proc/self/fd")))')
run shim 'match = python3; when = fork; pid = new; mnt = new' python3 workers.py
if [ -n "$ROOT" ]; then
	expect_silent 'workers'
	expect_eq 'each is process 2 of its own' "$(
		for _ in 1 2 3 4; do echo 'pid 2 parent 0 all [1, 2, 3]'; done
		printf 'status %s\n' 1 2 3 4
		echo 'back True'
		echo 'no child left'
		echo "$plain"
	)" "$OUT"
	unshare --pid --fork --mount-proc sleep 1000 &
	await_child $!
	inside=$CHILD
	HOLDERS+=("$inside")
	await sleep "$inside"
	run shim "match = python3; when = fork; pid = pid:$inside" python3 -c 'import os
pid = os.fork()
if not pid:
    print(os.getppid(), os.getpid() > 1, os.readlink("/proc/self/ns/pid"), flush=True)
    os._exit(0)
print(os.waitpid(pid, 0)[1])'
	expect_eq 'one that is joined' "0 True $(ns_of pid "$inside")"$'\n'0 "$OUT"
else
	expect_eq 'who may not place them has no child' "$(
		for _ in 1 2 3 4; do echo 'errno 1'; done
		echo 'back True'
		echo 'no child left'
		echo "$plain"
	)" "$OUT"
	expect_like 'and is told' 'pid: setns: .*EPERM.*: to place children that only fork needs CAP_SYS_ADMIN' "$ERR"
fi

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# A stop takes back the SIGCONT that waits, and the other way round: whoever passes signals on must
# not lose the last one. What goes on is asked: the program gives an answer, its monitor does not
# stay stopped. One of a hundred may meet the system call by which the monitor stops, which the
# manual tells of: it goes on with the next SIGCONT.
cat >stop.py <<'END2'
import os, select, signal, sys, time

group, sig = sys.argv[1] == "group", int(sys.argv[2])
r, child_w = os.pipe()
child_r, w = os.pipe()
pid = os.fork()
if pid == 0:
    os.setpgid(0, 0)
    os.dup2(child_r, 0)
    os.dup2(child_w, 1)
    os.execv("inner-cat", ["inner-cat"])

def answers():
    return bool(select.select([r], [], [], 10)[0]) and os.read(r, 1) == b"x"

def asked():
    os.write(w, b"x")
    return answers()

def state():
    return open("/proc/%d/stat" % pid).read().rsplit(")", 1)[1].split()[0]

def goes_on():
    for _ in range(1000):
        if state() != "T":
            return True
        time.sleep(0.01)

def send(sig):
    (os.killpg if group else os.kill)(pid, sig)

print("it runs", asked())
lost = stuck = 0
for i in range(100):
    send(sig)
    end = time.perf_counter() + i * 6e-6
    while time.perf_counter() < end:
        pass
    send(signal.SIGCONT)
    answered = asked()
    if answered and goes_on():
        continue
    lost += 1
    send(signal.SIGCONT)
    if lost > 1 or not (answered or answers()) or not goes_on():
        stuck += 1
        send(signal.SIGKILL)
        break
print("stuck", stuck)
os.close(w)
status = os.waitpid(pid, 0)[1]
print("status", status)
END2
ln -s "$(readlink -f "$(type -P cat)")" inner-cat
rule='match = inner-cat; pid = new; mnt = new; uid_map = self; gid_map = self'
for to in group one; do
	for sig in 20 21 22; do
		run "$PROG/reap" 100 env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$(profile "$rule")" python3 stop.py $to $sig
		expect_eq "signal $sig to $to" $'it runs True\nstuck 0\nstatus 0' "$OUT"
		expect_silent "signal $sig to $to"
	done
done

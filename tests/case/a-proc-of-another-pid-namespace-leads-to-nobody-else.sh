#!/bin/bash
# runs: root
# `unshare --pid --fork` without --mount-proc: a number there is another process in /proc.
. "$(dirname "$0")/../case.sh"

rules=$(profile 'match = cat; user = new; uid_map = 0 0 1000; gid_map = 0 0 1000')
run unshare --pid --fork env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$rules" env cat /proc/self/uid_map
expect_eq 'ranges of ids are mapped' '0 0 1000' "$(xargs <<<"$OUT")"
expect_silent 'ranges of ids are mapped'

# Inside, the same number is another process.
hold --uts --net
cat >same.py <<'END'
import os, subprocess, sys

number, library = int(sys.argv[1]), sys.argv[2]
with open("/proc/sys/kernel/ns_last_pid", "w") as last:
    last.write(str(number - 1))
child = subprocess.Popen(["unshare", "--uts", "sh", "-c", "echo; exec sleep 1000"], stdout=subprocess.PIPE)
child.stdout.readline()
assert child.pid == number, child.pid
env = dict(os.environ, LD_PRELOAD=library, NSSHIM_PROFILE="match = cat; join = pid:%d" % number)
ended = subprocess.run(["env", "cat", "/proc/self/ns/uts"], env=env, stderr=subprocess.PIPE)
sys.stderr.write(ended.stderr.decode().splitlines()[0] + "\n")
print(ended.returncode)
child.kill()
child.wait()
END
run unshare --pid --fork python3 same.py "$HELD" "$LIB"
expect_like 'join: not executed' '^12[67]$' "$OUT"
expect_line 'join' "^nsshim: \[inline\] join /proc/$HELD: No such process \(ESRCH\): /proc is that of another pid namespace"

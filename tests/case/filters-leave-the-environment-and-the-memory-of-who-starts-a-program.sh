#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# Two programs for seccomp that allow all, and an environment that is too large for a small stack.
for name in one two; do
	printf '\x06\x00\x00\x00\x00\x00\xff\x7f' >$name.bpf
done
filters="seccomp = $T/one.bpf; seccomp = $T/two.bpf; seccomp = deny acct"
for ((i = 0; i < 300; i++)); do
	export "FILLER_$i=$i"
done
for more in '' '; user = new' '; pid = new; mnt = new; user = new'; do
	for way in execve:fork execve:vfork posix_spawn:direct raw:fork; do
		run shim "match = env; env = A=b; $filters$more" "$PROG/door" "${way%:*}" "${way#*:}" /usr/bin/env
		expect_eq "$way$more: what came" 300 "$(grep -c '^FILLER_\([0-9]*\)=\1$' <<<"$OUT")"
		expect_silent "$way$more"
	done
done

# What each child needs of its parent's memory is there once.
cat >many.py <<'END2'
import os
def size():
    return [int(l.split()[1]) for l in open("/proc/self/status") if l.startswith("VmSize")][0]
def start(n):
    for i in range(n):
        assert os.waitpid(os.posix_spawn("/bin/true", ["true"], os.environ), 0)[1] == 0
start(3)
before = size()
start(20)
print("grown" if size() - before > 512 else "same")
END2
for more in "$filters" 'pid = new; mnt = new; user = new'; do
	run shim "match = true; env = A=b; $more" python3 many.py
	expect_eq "memory: $more" same "$OUT"
done

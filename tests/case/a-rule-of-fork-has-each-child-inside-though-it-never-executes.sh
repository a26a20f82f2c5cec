#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

children=$PROG/children
host=$(ns_of net)
rule='match = children; when = fork; net = new'
for entry in fork __fork _Fork; do
	# The wrapped program itself, and one that it starts.
	for by in '' "$(type -P env)"; do
		# They are alive at the same time: each has its own.
		# shellcheck disable=SC2086 # none at all
		run shim "$rule" $by "$children" $entry -n 5 -p 4000
		expect_eq "$entry" "$entry: 5 children, 5 networks, 0 of them its parent's" "$OUT"
		expect_eq "$entry: status" 0 "$RC"
		expect_silent "$entry"
	done
	run shim "$rule" "$children" $entry -n 3 -t 4 -p 4001
	expect_eq "$entry, threads" "$entry: 12 children, 12 networks, 0 of them its parent's" "$OUT"
	run shim "$rule" "$children" $entry -f -n 2
	expect_like "$entry, every descriptor in use" "^$entry: 2 children, .* 0 of them" "$OUT"
	run shim "$rule" "$children" $entry -i -n 3
	expect_like "$entry, SIGCHLD ignored" "^$entry: 3 children, .* 0 of them" "$OUT"
	NSSHIM_LOG=info run shim "$rule" "$children" $entry
	expect_line "$entry, info" '^nsshim: \[rule\] entered net.*net:\[[0-9]+\]$'
	NSSHIM_LOG=debug run shim "$rule" "$children" $entry
	expect_like "$entry, debug" 'step 1 of ' "$ERR"
	run shim "match = other; ${rule#*; }" "$children" $entry -n 3
	expect_eq "$entry, no rule" "$entry: 3 children, 1 networks, 3 of them its parent's" "$OUT"
done
# Under load, while other threads hold what locks there are.
for entry in fork _Fork vfork; do
	run shim "$rule" timeout 120 "$children" $entry -n 50 -t 4 -l
	expect_like "$entry, under load" "^$entry: 200 children, .* 0 of them its parent's\$" "$OUT"
	expect_silent "$entry, under load"
done
# All kinds together, one that only an exec enters by itself among them.
run shim "match = children; when = fork; user = new; mnt = new; net = new; ipc = new; uts = new; cgroup = new; time = new" "$children" fork -n 2
expect_like 'all kinds' '^fork: 2 children, .* 0 of them' "$OUT"
expect_silent 'all kinds'

# Those that execute: whatever it is, and once only.
for way in execve:vfork execve:fork posix_spawn:direct posix_spawnp:direct raw:fork execve:vfork+threads posix_spawn:direct+threads \
	execvp:vfork+tiny system:direct popen:direct raw:vfork; do
	run shim $'[a]\nmatch = door\nwhen = fork\nnet = new\n[b]\nnet = new\nipc = new' "$door" "${way%:*}" "${way#*:}" \
		"$state" ns:net ns:ipc env:LD_PRELOAD env:NSSHIM_STATE exit:5
	expect_not "$way: the network" "$host" "${OUT%%$'\n'*}"
	expect_eq "$way: no other rule, and no trace" "$(ns_of ipc)"$'\n(unset)\n(unset)' "${OUT#*$'\n'}"
	expect_eq "$way: status" 5 "$RC"
	expect_silent "$way"
done
cc -static -o static -x c - <<'END_OF' || exit 1
#include <unistd.h>
int main(int argc, char **argv)
{
	return argc > 1 ? execv(argv[1], argv + 1) : 1;
}
END_OF
run shim 'match = door; when = fork; net = new' "$door" raw vfork "$T/static" "$state" ns:net
expect_not 'past a static program' "$host" "$OUT"
# What it executes itself is no child.
run shim 'match = door; when = fork; net = new' "$door" raw direct "$state" ns:net env:LD_PRELOAD
expect_eq 'its own system call' "$host"$'\n'"$LIB" "$OUT"
run shim $'[a]\nmatch = door\nwhen = fork\nnet = new\n[b]\nmatch = state\nuts = new' "$door" raw direct "$state" ns:net ns:uts
expect_eq 'its own system call, another rule' "$host" "${OUT%%$'\n'*}"
expect_not 'its own system call, another rule' "$(ns_of uts)" "${OUT#*$'\n'}"
run shim 'match = door; when = fork; net = new' "$door" execve direct "$state" ns:net env:LD_PRELOAD
expect_eq 'its own exec' "$host"$'\n'"$LIB" "$OUT"
run shim $'[a]\nmatch = door\nwhen = fork\nnet = new\n[b]\nuts = new' "$door" execve direct "$state" ns:net ns:uts
expect_eq 'its own exec, another rule' "$host" "${OUT%%$'\n'*}"
expect_not 'its own exec, another rule' "$(ns_of uts)" "${OUT#*$'\n'}"
NSSHIM_PROFILE='' run shim 'match = door; when = fork; net = new' "$door" -e NSSHIM_PROFILE=none execve vfork "$state" ns:net
expect_eq 'the way out for one command' "$host" "$OUT"

cat >child.py <<'END_OF'
import os, subprocess, sys
parent = os.readlink("/proc/self/ns/net")
def show():
    return os.readlink("/proc/self/ns/net")
r, w = os.pipe()
if os.fork() == 0:
    own = show()
    tell = ["readlink", "/proc/self/ns/net"]
    # os.environ is a copy of before, with the shim in it.
    for env in (None, dict(os.environ)):
        assert subprocess.check_output(tell, env=env, text=True).strip() == own
    assert "LD_PRELOAD" not in subprocess.check_output(["sh", "-c", "env"], env=dict(os.environ), text=True)
    assert subprocess.check_output(tell, close_fds=False, env=dict(os.environ), text=True).strip() == own
    assert os.popen("readlink /proc/self/ns/net").read().strip() == own
    grandchild = os.fork()
    if grandchild == 0:
        os._exit(0 if show() == own else 1)
    assert os.waitpid(grandchild, 0)[1] == 0
    os.write(w, own.encode())
    os._exit(0)
status = os.wait()[1]
own = os.read(r, 100).decode()
assert status == 0 and own != parent and show() == parent, (status, own)
for close in (True, False):
    out = subprocess.check_output(["readlink", "/proc/self/ns/net"], close_fds=close, text=True).strip()
    assert out != parent
print("held")
END_OF
run shim 'match = python3*; when = fork; net = new' /usr/bin/python3 child.py
expect_eq 'python' held "$OUT"
expect_silent 'python'

# Who owns its environment frees it at its end.
run shim 'match = perl; when = fork; net = new' perl -e '$ENV{X} = 1; if (!fork) { print readlink("/proc/self/ns/net"), "\n"; exit 3 } wait; print $? >> 8, "\n"'
expect_not 'perl' "$host" "${OUT%%$'\n'*}"
expect_eq 'perl: status' 3 "${OUT#*$'\n'}"
expect_silent 'perl'
run shim 'match = bash; when = fork; net = new' bash -c 'export X=1; (export Y=2; readlink /proc/self/ns/net; env | grep -c -e NSSHIM -e LD_PRELOAD); readlink /proc/$$/ns/net'
expect_not 'bash' "$host" "${OUT%%$'\n'*}"
expect_eq 'bash: no trace, and it is outside' $'0\n'"$host" "${OUT#*$'\n'}"
expect_silent 'bash'

# Capabilities as an exec would have left them, and one's own id.
cat >caps.py <<'END_OF'
import os, re
if os.fork() == 0:
    print(os.getuid(), re.search(r"CapEff:\s*(\w+)", open("/proc/self/status").read())[1].strip("0") or "none", flush=True)
    os._exit(0)
os.wait()
END_OF
run shim 'match = python3*; when = fork; user = new; net = new; uid_map = self; gid_map = self' /usr/bin/python3 caps.py
if [ -n "$ROOT" ]; then
	expect_like 'capabilities' '^0 [0-9a-f]+$' "$OUT"
else
	expect_eq 'capabilities' "$(id -u) none" "$OUT"
fi

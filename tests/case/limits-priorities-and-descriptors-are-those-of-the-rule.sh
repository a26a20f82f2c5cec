#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# What the kernel says of the program; each rule has a user namespace too, which takes capabilities.
for more in '' '; user = new; net = new'; do
	run inside "rlimit = nofile 100 200; rlimit = core 0; rlimit = as 4G unlimited; rlimit = stack 1M$more" \
		sh -c 'ulimit -Sn; ulimit -Hn; ulimit -Sc; ulimit -Sv; ulimit -Ss; ulimit -Hs'
	expect_eq "limits$more" $'100\n200\n0\n4194304\n1024\n1024' "$OUT"
	expect_silent "limits$more"

	run inside "umask = 027; nice = 19; ioprio = be:6; cpus = 0; oom_score_adj = 800$more" \
		sh -c 'umask; nice; ionice; cat /proc/self/oom_score_adj; grep Cpus_allowed_list /proc/self/status'
	expect_eq "the rest$more" $'0027\n19\nbest-effort: prio 6\n800\nCpus_allowed_list:\t0' "$OUT"

	run inside "new_session = yes; die_with_parent = yes$more" python3 -c '
import ctypes, os
n = ctypes.c_int()
ctypes.CDLL(None).prctl(2, ctypes.byref(n))
print(os.getsid(0) == os.getpid(), n.value)'
	expect_eq "session and death$more" 'True 9' "$OUT"

	exec 5</dev/null 7</dev/null 8</dev/null
	run inside "close_fds = all$more" ls /proc/self/fd
	expect_eq "close all$more" $'0\n1\n2\n3' "$OUT"
	run inside "close_fds = keep 4-5, 8$more" ls /proc/self/fd
	expect_eq "close but some$more" $'0\n1\n2\n3\n5\n8' "$OUT"
	# At load no exec closes them; the next one does.
	run inside "when = load; match = sh; close_fds = all$more" sh -c '[ -e /proc/$$/fd/5 ] && echo kept; ls /proc/self/fd'
	expect_eq "close at load$more" $'kept\n0\n1\n2\n3' "$OUT"
	exec 5<&- 7<&- 8<&-
done
# Though a change of ids clears it.
if [ -n "$ROOT" ]; then
	run inside 'die_with_parent = yes; uid = nobody; gid = 65534; groups = none' python3 -c '
import ctypes, os
n = ctypes.c_int()
ctypes.CDLL(None).prctl(2, ctypes.byref(n))
print(os.getuid(), n.value)'
	expect_eq 'death, and other ids' "$(id -u nobody) 9" "$OUT"
fi

# The spawn door, and the program of a pid namespace, not its monitor.
rule='match = state; umask = 012; rlimit = nofile 77; nice = 19'
for more in '' '; net = new; user = new' '; pid = new; mnt = new'; do
	for way in posix_spawn vfork fork; do
		how=(execve "$way")
		[ $way != posix_spawn ] || how=(posix_spawn direct)
		run shim "$rule$more" "$PROG/door" "${how[@]}" "$state" umask nice rlimits
		expect_eq "$way$more" $'umask 012\nnice 19\nrlimit 7 77 77' "$(grep -E '^(umask|nice|rlimit 7) ' <<<"$OUT")"
	done
done

# With capabilities, what they allow; without, the errno and what it needs. Root of a container
# often has the one and not the other.
may() { # NUMBER of capabilities(7)
	(((0x$(sed -n 's/^CapEff:\t//p' /proc/self/status) >> $1 & 1) == 1))
}
for more in '' '; user = new'; do
	run inside "nice = -3; ioprio = rt:3$more" sh -c 'nice; ionice'
	if may 23; then
		expect_eq "CAP_SYS_NICE$more" $'-3\nrealtime: prio 3' "$OUT"
	else
		expect_like "nice$more" '\[rule\] setpriority -3: .*\(EACCES\): to lower it needs CAP_SYS_NICE' "$ERR"
		expect_eq "nice$more: status" 126 "$RC"
	fi
	run inside "nice = -3; on_error = continue$more" sh -c 'nice'
	[ -n "$more" ] || may 23 || expect_like 'nothing is half done' 'setpriority -3: .*on_error = continue: executed outside' "$ERR"
	run inside "oom_score_adj = -999$more" cat /proc/self/oom_score_adj
	if may 24; then
		expect_eq "oom_score_adj$more" -999 "$OUT"
	else
		expect_like "oom_score_adj$more" '\[rule\] write /proc/self/oom_score_adj: .*\(EACCES\): to lower it' "$ERR"
	fi
	run inside "rlimit = nofile 10 $(($(ulimit -Hn) + 10))$more" sh -c 'ulimit -Hn'
	if may 24; then
		expect_eq "a higher limit$more" $(($(ulimit -Hn) + 10)) "$OUT"
	else
		expect_like "a higher limit$more" '\[rule\] setrlimit nofile .*\(EPERM\): to raise a hard limit' "$ERR"
	fi
done
run inside 'cgroup_join = /no/such/cgroup' true
expect_like 'no cgroup' 'write /no/such/cgroup/cgroup.procs: .*\(ENOENT\): there is no such cgroup' "$ERR"
run inside 'cpus = 8000' true
expect_like 'no such processor' 'sched_setaffinity 8000: .*\(EINVAL\): none of these' "$ERR"

# Who leads a group alone leaves it; with others in it that cannot be.
cat >leader.py <<'END'
import os, time
for others in False, True:
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        os.read(r, 1)
        os.execv("/bin/sh", ["sh", "-c", "ps -o sid= -p $$ | grep -q $$ && echo leads"])
    os.setpgid(pid, pid)
    other = os.fork() if others else 0
    if others and other == 0:
        os.setpgid(0, pid)
        os.write(w, b"x")
        os.close(w)
        time.sleep(100)
    if not others:
        os.write(w, b"x")
    print(others, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
    if other:
        os.kill(other, 9)
END
run shim 'match = sh; new_session = yes' python3 leader.py
expect_eq 'leaders' $'leads\nFalse 0\nTrue 126' "$OUT"
expect_line 'leaders' '^nsshim: \[rule\] setsid: .*\(EPERM\): it leads a process group'

# What leads a session already keeps that, unless it has a terminal.
run shim 'match = state; new_session = yes' setsid -w "$state" sid
expect_eq 'a session' 'sid self' "$OUT"
expect_silent 'a session'
run shim 'match = state; new_session = yes' script -qec "exec $state sid" /dev/null </dev/null
expect_like 'a session with a terminal' 'setsid: .*EPERM.*: .* or a session that has a terminal' "$OUT"
# The same where the caller asks for one too, or for a group.
cat >both.py <<'END'
import os, sys
for how in {"setsid": True}, {"setpgroup": 0}:
    pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, **how)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
END
for more in '' '; pid = new; mnt = new'; do
	run shim "match = state; new_session = yes$more" python3 both.py "$state" sid
	expect_eq "both$more" $'sid self\n0\nsid self\n0' "$OUT"
	expect_silent "both$more"
done

# The parent is killed, and its child with it; that one's thread ends, as the manual says.
cat >parent.py <<'END'
import os, signal, subprocess, sys, time
child = subprocess.Popen(["sleep", "100"])
print(child.pid, flush=True)
time.sleep(100)
END
LD_PRELOAD=$LIB NSSHIM_PROFILE=$(profile 'match = sleep; die_with_parent = yes; net = new') python3 parent.py >pid &
parent=$!
for ((i = 0; i < 500; i++)); do [ -s pid ] && break; sleep 0.02; done
child=$(cat pid)
await sleep "$child"
disown $parent
kill -KILL $parent
for ((i = 0; i < 250; i++)); do grep -qs '^State:.[^Z]' "/proc/$child/status" || break; sleep 0.02; done
grep -qs '^State:.[^Z]' "/proc/$child/status" && fail 'the child outlives its parent'

for line in 'nice = 20:nice' 'ioprio = be:8:ioprio' 'cpus = 3-1:cpus' 'cpus = 1,:cpus' 'umask = 8:umask' \
	'rlimit = nofiles 3:rlimit' 'rlimit = nofile 3 2:rlimit' 'rlimit = nofile 3X:rlimit' 'close_fds = keep 5,4:close_fds' \
	'close_fds = keep:close_fds' 'close_fds = keep 10000000000:close_fds' 'rlimit = nofile "3 ":rlimit' 'new_session = maybe:new_session' 'cgroup_join = here:cgroup_join' 'oom_score_adj = 1001:oom_score_adj'; do
	run inside "${line%:*}" true
	expect_eq "${line%:*}" 125 "$RC"
	expect_line "${line%:*}" "^nsshim: [^ ]*:2: ${line##*:}: "
done

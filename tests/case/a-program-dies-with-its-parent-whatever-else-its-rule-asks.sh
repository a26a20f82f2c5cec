#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# The signal outlives a change of ids, which clears it, by every door.
cat >look.py <<'END2'
import ctypes
n = ctypes.c_int()
ctypes.CDLL(None).prctl(2, ctypes.byref(n))
print(n.value)
END2
id=7
uid=$(id -u) gid=$(id -g)
ids="user = new; uid_map = $id $uid 1; gid_map = $id $gid 1; uid = $id; gid = $id"
for more in "$ids" "$ids; when = load" "$ids; pid = new; mnt = new"; do
	for way in execve:fork execve:vfork posix_spawn:direct; do
		run shim "match = python3; die_with_parent = yes; $more" "$PROG/door" "${way%:*}" "${way#*:}" /usr/bin/python3 look.py
		expect_eq "$way; $more" 9 "$OUT"
	done
done

# A child that only forks has the one that forked for its parent.
cat >fork.py <<'END2'
import os
pid = os.fork()
if pid == 0:
    exec(open("look.py").read())
    os._exit(3)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END2
for more in 'umask = 022' "$ids"; do
	run shim "match = python3; when = fork; die_with_parent = yes; $more" env PYTHONUNBUFFERED=1 python3 fork.py
	expect_eq "fork; $more" $'9\n3' "$OUT"
done

# In a pid namespace it is its monitor that has the parent.
cat >parent.py <<'END2'
import os, subprocess, sys, time
if sys.argv[1] == "fork":
    pid = os.fork()
    if pid == 0:
        os.execv("./sleeper", ["sleeper", "100"])
elif sys.argv[1] == "vfork":
    pid = subprocess.Popen(["./sleeper", "100"]).pid
else:
    pid = os.posix_spawn("./sleeper", ["sleeper", "100"], os.environ)
print(pid, flush=True)
time.sleep(100)
END2
cp "$(command -v sleep)" sleeper
runs() { # PID: it, or what it has started
	grep -qs '^State:.[^ZX]' "/proc/$1/status"
}
for more in '' '; when = load'; do
	for how in fork vfork spawn; do
		rm -f pid
		LD_PRELOAD=$LIB NSSHIM_PROFILE=$(profile "match = sleeper; die_with_parent = yes; pid = new; mnt = new$more") \
			python3 parent.py $how >pid &
		parent=$!
		for ((i = 0; i < 500; i++)); do [ -s pid ] && break; sleep 0.02; done
		child=$(cat pid)
		# With a monitor the program is its child, or the next one's; a moment for all of them.
		for ((i = 0; i < 500; i++)); do
			[ "$(cat "/proc/$child/comm")" != sleeper ] || break
			program=$(pgrep -n -P "$child" -x sleeper) && break
			sleep 0.02
		done
		program=${program:-$child}
		sleep 0.1
		disown $parent
		kill -KILL $parent
		for ((i = 0; i < 250; i++)); do runs "$child" || runs "$program" || break; sleep 0.02; done
		if runs "$child" || runs "$program"; then
			fail "$how$more: it outlives its parent"
			kill -KILL "$program" "$child"
		fi
		program=
	done
done

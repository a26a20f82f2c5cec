#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# Starts a program by one way, tells its pid and waits to be killed.
cat >parent.py <<'END_OF_FILE'
import os, sys, time
how, program = sys.argv[1], sys.argv[2:]
if how == "spawn":
    pid = os.posix_spawn("/bin/sleep", ["sleep", "100"], os.environ)
else:
    pid = os.fork()
    if pid == 0:
        os.execv("/bin/sleep", ["sleep", "100"]) if how == "exec" else time.sleep(100)
open("pid.new", "w").write(str(pid))
os.rename("pid.new", "pid")
time.sleep(100)
END_OF_FILE

# All that are the program's: the process that was started, and those below it.
family() { # PID
	local child
	echo "$1"
	for child in $(cat "/proc/$1/task/$1/children" 2>/dev/null); do
		family "$child"
	done
}
lives() { # PID
	grep -qs '^State:.[^Z]' "/proc/$1/status"
}

# That the kernel's signal is sent to who has it: nobody waits for a program that is gone.
ends_with_parent() { # WHAT RULE HOW
	local parent all pid i
	rm -f pid
	LD_PRELOAD=$LIB NSSHIM_PROFILE=$(profile "$2") python3 parent.py "$3" 2>err &
	parent=$!
	for ((i = 0; i < 500; i++)); do [ -s pid ] && break; sleep 0.02; done
	pid=$(cat pid)
	for ((i = 0; i < 100; i++)); do
		all=$(family "$pid")
		[ "$3" = fork ] && break
		# shellcheck disable=SC2086 # several
		grep -qsx sleep $(printf '/proc/%s/comm ' $all) && break
		sleep 0.02
	done
	lives "$pid" || fail "$1: it does not live while its parent does: $(cat err)"
	disown $parent
	kill -KILL $parent
	for pid in $all; do
		for ((i = 0; i < 250; i++)); do lives "$pid" || break; sleep 0.02; done
		if lives "$pid"; then
			fail "$1: outlives its parent: $(tr '\0' ' ' <"/proc/$pid/cmdline")"
			kill -KILL "$pid"
		fi
	done
}

die='match = sleep; die_with_parent = yes'
for how in exec spawn; do
	ends_with_parent "$how" "$die; net = new" $how
	ends_with_parent "$how, pid" "$die; pid = new; mnt = new" $how
	ends_with_parent "$how, fresh image" "$die; pid = new; root = /; cwd = /" $how
done
# It is the child of who forked, and not of that one's parent.
ends_with_parent 'fork' 'match = python3*; when = fork; die_with_parent = yes; uts = new' fork

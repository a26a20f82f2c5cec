#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# A caller that has more than the program is to have: memory, and descriptors.
cat >large.py <<'END_OF_FILE'
import mmap, os, sys
memory = mmap.mmap(-1, 1 << 30)
files = [os.open("/dev/null", os.O_RDONLY) for _ in range(60)]
program = sys.argv[1:]
pid = os.posix_spawn(program[0], program, os.environ)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
pid = os.fork()
if pid == 0:
    os.execv(program[0], program)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
END_OF_FILE
# An environment for which the stack has no room, and a filter.
LONG=$(printf 'x%.0s' {1..3000})
export LONG
for limit in 'as 200M' 'data 200M'; do
	run shim "match = state; rlimit = $limit; env = A=b; seccomp = deny ptrace" python3 large.py "$state" env:A
	expect_eq "$limit" $'b\n0\nb\n0' "$OUT"
	expect_silent "$limit"
done
run shim 'match = state; rlimit = nofile 20; landlock_ro = /; close_fds = all; umask = 077' python3 large.py "$state" umask
expect_eq 'nofile, and paths to open' $'umask 077\n0\numask 077\n0' "$OUT"
expect_silent 'nofile, and paths to open'

# Where nothing closes many at once, and the limit is below what is open.
run "$PROG/seccomp" close_range:ENOSYS env LD_PRELOAD="$LIB" \
	NSSHIM_PROFILE="$(profile 'match = state; rlimit = nofile 20; close_fds = keep 5')" bash -c \
	'exec 5</dev/null 7</dev/null 55</dev/null; "$0" fds; true' "$state"
expect_eq 'closed one by one' $'fd 0\nfd 1\nfd 2\nfd 5' "$(grep -o '^fd [0-9]*' <<<"$OUT")"

# What the rule makes of the environment at load is made, though then there is no memory for it.
A=b run shim 'match = state; when = load; rlimit = data 4K; clearenv = yes; env = X=y' "$door" execve fork "$state" env:A env:X
expect_eq 'at load' $'(unset)\ny' "$OUT"

# And what needs nothing of the host does not come before what may be refused.
cat >refused.py <<'END_OF_FILE'
import os
try:
    os.execv("/bin/true", ["true"])
except OSError as e:
    print(e.errno)
END_OF_FILE
rules=$(profile 'match = true; nice = 19; ioprio = be:7; user = new; uid_map = self; gid_map = self')
if [ -n "$ROOT" ]; then
	# In a chroot nobody creates a user namespace.
	mkdir root
	run unshare -m sh -c 'mount --rbind / root && exec chroot root env -C "$0" LD_PRELOAD="$1" NSSHIM_PROFILE="$2" python3 refused.py' \
		"$T" "$LIB" "$rules"
	expect_eq 'refused' 1 "$OUT"
	expect_line 'refused' '\[rule\] user: unshare: .*\(EPERM\)'
fi

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# alarm(1); exec sleep: how timeouts are made. It is the program's, whichever process that is.
cat >set-timer.py <<'END2'
import os, signal, sys

timer = getattr(signal, "ITIMER_" + sys.argv[1])
pid = os.fork()
if pid == 0:
    if sys.argv[2] == "exec":
        signal.setitimer(timer, 0.2)
    elif sys.argv[2] == "repeated": # the first is taken by a handler, the second ends it
        signal.setitimer(timer, 0.2, 0.2)
    os.execv(sys.argv[3], sys.argv[3:])
status = os.waitpid(pid, 0)[1]
print("signal", os.WTERMSIG(status)) if os.WIFSIGNALED(status) else print("exit", os.WEXITSTATUS(status))
END2
ln -s "$(readlink -f "$(type -P bash)")" inner-sh
rule='match = inner-sh; pid = new; mnt = new; uid_map = self; gid_map = self'
twice='trap "trap - ALRM VTALRM PROF; echo first" ALRM VTALRM PROF; while :; do :; done'

for timer in REAL:14 VIRTUAL:26 PROF:27; do
	for how in exec repeated; do
		case $how in exec) script='while :; do :; done' ;; *) script=$twice ;; esac
		set -- "$PROG/reap" 60 python3 set-timer.py "${timer%:*}" $how "$T/inner-sh" -c "$script"
		bare=$("$@" 2>&1)
		expect_like "$timer, $how, without the library" "signal ${timer#*:}\$" "$bare"
		run shim "$rule" "$@"
		expect_eq "$timer, $how" "$bare" "$OUT"
		expect_silent "$timer, $how"
	done
done

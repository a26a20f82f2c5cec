#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# The init of a pid namespace has no filter: a program without capabilities cannot trace it.
cat >seize.py <<'END2'
import ctypes, errno, os
libc = ctypes.CDLL(None, use_errno=True)
own = [l.split()[1] for l in open("/proc/self/status") if l.startswith("CapEff")]
rc = libc.ptrace(0x4206, 1, None, None)
print(own[0].strip("0") or "none", "seized" if not rc else errno.errorcode[ctypes.get_errno()])
END2
chmod 755 . && chmod 644 seize.py
drop=()
[ -z "$ROOT" ] || drop=(setpriv --reuid=7 --regid=7 --clear-groups --inh-caps=-all)
run "${drop[@]}" env LD_PRELOAD="$LIB" NSSHIM_PROFILE='match=python3*; user=new; uid_map=self; gid_map=self; pid=new; mnt=new; seccomp=deny acct' \
	sh -c '/usr/bin/python3 seize.py; :'
expect_eq 'the init' 'none EPERM' "$OUT"
expect_silent 'the init'

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# Each system call on the way in fails once: tests/inject.
command -v strace >/dev/null || skip 'strace is not installed'
export ERRORS='EPERM'
# (Not prlimit: strace counts for each process, and the caller looks at its own limits too.)
way=posix_spawn:direct
"$TESTS/inject" $way uts \
	'match = state; boottime = 100; cwd = /; sysctl = kernel.shmmni 77; sysctl = fs.mqueue.queues_max 9; domainname = d; ioprio = be:7; hostname = inner; sysctl = net.ipv4.ip_forward 1; nice = 19; cpus = 0; umask = 031; oom_score_adj = 700; new_session = yes; close_fds = all; env = X=y' \
	'umask nice status:Cpus_allowed_list' \
	$'umask 031\nnice 19\nCpus_allowed_list 0' || fail "$way"

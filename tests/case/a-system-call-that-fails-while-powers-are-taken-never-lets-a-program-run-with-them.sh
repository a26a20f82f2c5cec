#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# Each system call on the way in fails once: tests/inject. Two errnos: most calls here have one
# answer to all of them, and a kernel says EINVAL of the capability after its last.
command -v strace >/dev/null || skip 'strace is not installed'
export ERRORS='EPERM EINVAL'
way=posix_spawn:direct
[ -z "$ROOT" ] || way=execve:direct
"$TESTS/inject" $way net \
	'match = state; net = new; caps = kill; landlock_ro = /; securebits = noroot; seccomp = deny mkdir' \
	'status:CapPrm status:CapBnd status:CapAmb status:Seccomp:' \
	$'CapPrm 20\nCapBnd 20\nCapAmb 20\nSeccomp: 2' || fail "$way"

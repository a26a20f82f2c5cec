#!/bin/bash
# runs: root user
# shellcheck disable=SC2001 # of several lines
. "$(dirname "$0")/../case.sh"

nnp=1
[ -z "$ROOT" ] || nnp=0
calls=$PROG/calls
run "$calls" "$T/folder"
arches=$OUT
case $arches in *'i386 ok'*) ;; *) skip_part 'this kernel runs no i386 calls' ;; esac
denied=$(sed 's/ .*/ EPERM/' <<<"$arches")

# By every way in, of every instruction set; lines are added up.
for way in $WAYS; do
	run shim 'match = calls; seccomp = deny mkdir,mkdirat' "$door" "${way%:*}" "${way#*:}" "$calls" "$T/folder"
	expect_eq "$way" "$denied" "$OUT"
	expect_silent "$way"
done
run shim "match = calls; pid = new; mnt = new; seccomp = deny mkdir,mkdirat" "$door" posix_spawn direct "$calls" "$T/folder"
expect_eq 'in a pid namespace' "$denied" "$OUT"
run inside 'seccomp = deny mkdirat; seccomp = deny uname,seccomp' sh -c "'$calls' '$T/folder'; uname; grep -E '^(NoNew|Seccomp:)' /proc/self/status"
expect_eq 'two lines' "$(sed 's/^native.*/native EPERM/' <<<"$arches")
NoNewPrivs:	$nnp
Seccomp:	2" "$OUT"
expect_like 'two lines' 'cannot get system name: Operation not permitted' "$ERR"

# By its first argument alone: AF_NETLINK is 16.
run inside 'seccomp = deny socket:16' python3 -c '
import errno, socket
socket.socket(socket.AF_UNIX)
try:
    socket.socket(16, socket.SOCK_RAW)
except OSError as e:
    print(errno.errorcode[e.errno])'
expect_eq 'a first argument' EPERM "$OUT"
expect_silent 'a first argument'

# A compiled program, of which there may be several, beside names.
"$PROG/seccomp" -o "$T/uname.bpf" uname:ENOSYS
"$PROG/seccomp" -o "$T/statx.bpf" statx:ENOSYS
run inside "seccomp = $T/uname.bpf; seccomp = deny mkdir,mkdirat; seccomp = $T/statx.bpf; no_new_privs = yes" sh -c "
	'$calls' '$T/folder'; uname; grep -E '^(NoNew|Seccomp)' /proc/self/status"
expect_eq 'programs and names' "$denied
NoNewPrivs:	1
Seccomp:	2
Seccomp_filters:	3" "$OUT"
expect_like 'programs and names' 'cannot get system name: Function not implemented' "$ERR"
python3 -c '
import struct, sys
LD, JEQ, RET = 0x20, 0x15, 0x06
program = [(LD, 0, 0, 0), (JEQ, 0, 1, int(sys.argv[1])), (RET, 0, 0, 0x50000 | 18), (RET, 0, 0, 0x7fff0000)]
open("python.bpf", "wb").write(b"".join(struct.pack("=HBBI", *i) for i in program))' "$(printf '#include <sys/syscall.h>\nSYS_uname\n' | cc -E -P - | tail -n 1)"
run inside "seccomp = $T/python.bpf" uname
expect_like 'a program of another maker' 'Invalid cross-device link' "$ERR"

# It is the last of all: what the shim itself does may be denied, on pain of death.
"$PROG/seccomp" -o "$T/kill.bpf" prctl:kill,ppoll:kill,setitimer:kill,sendto:kill,unshare:kill,setns:kill,capget:kill,execveat:kill,faccessat2:kill,landlock_create_ruleset:kill
for rule in 'net = new' 'pid = new; mnt = new' 'landlock_ro = /; caps = keep'; do
	for way in $WAYS; do
		run shim "match = state; $rule; seccomp = $T/kill.bpf" "$door" "${way%:*}" "${way#*:}" "$state" args exit:5
		expect_eq "$way, $rule: exit status" 5 "$RC"
		expect_silent "$way, $rule"
	done
done

# What cannot be done.
failed() { # TEXT ERRNO REGEX
	for way in execve:vfork posix_spawn:direct execve:direct+threads; do
		run shim "match = state; $1" "$door" "${way%:*}" "${way#*:}" "$state" ids
		expect_like "$way: $1" "^${way%:*}: $2" "$OUT"
		expect_line "$way: $1" "$3"
	done
}
failed 'seccomp = deny mkdir; net = new; seccomp = deny rmdir,mkdirr' EINVAL 'rules.ini:5: seccomp: no system call is called .mkdirr., as far as libseccomp'
failed "seccomp = $T/none.bpf" ENOENT "open $T/none.bpf: .*ENOENT"
failed "seccomp = $T" EINVAL "open $T: .*no regular file"
head -c 12 /dev/zero >odd.bpf
failed "seccomp = $T/odd.bpf" EINVAL "read $T/odd.bpf: .*1 to 4096 instructions"
head -c 32776 /dev/zero >large.bpf
failed "seccomp = $T/large.bpf" EINVAL "read $T/large.bpf: .*1 to 4096 instructions"
: >empty.bpf
failed "seccomp = $T/empty.bpf" EINVAL "read $T/empty.bpf: .*1 to 4096 instructions"
printf '\377\377\377\377\377\377\377\377' >bad.bpf
run shim "match = state; seccomp = $T/bad.bpf" "$door" posix_spawn direct "$state" ids
expect_eq 'no program of the kernel' 'posix_spawn: EINVAL outside' "$(xargs <<<"$OUT")"
expect_line 'no program of the kernel' 'seccomp: .*EINVAL.*no program that the kernel takes'
run inside "seccomp = $T/bad.bpf" "$state" ids
expect_eq 'no program of the kernel: half entered' 126: "$RC:$OUT"
if [ -n "$ROOT" ]; then
	chmod g+w uname.bpf
	failed "seccomp = $T/uname.bpf" EPERM "trust $T/uname.bpf: .*its group may write it"
else
	run shim 'match = state; seccomp = deny mkdir; no_new_privs = no' "$door" posix_spawn direct "$state" ids
	expect_eq 'without no_new_privs' 'posix_spawn: EPERM outside' "$(xargs <<<"$OUT")"
	expect_line 'without no_new_privs' 'EPERM.*needs no_new_privs = yes, or CAP_SYS_ADMIN'
fi

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

mkdir rw ro sub
echo text >ro/file
echo text >rw/file
programs="landlock_ro = /usr; landlock_ro = /bin; landlock_ro = /lib; landlock_ro = /etc/ld.so.cache; landlock_ro = /proc"
[ ! -e /lib64 ] || programs="$programs; landlock_ro = /lib64"
rule="$programs; landlock_ro = $T/ro; landlock_rw = $T/rw; landlock_rw = /dev/null"
cat >look.sh <<'END'
try() {
	sh -c "$2" >/dev/null 2>/dev/null && echo "$1 yes" || echo "$1 no"
}
try read-ro 'read line <ro/file'
try write-ro 'echo x >>ro/file'
try make-ro 'mkdir ro/new'
try read-rw 'read line <rw/file'
try write-rw 'echo x >rw/file'
try make-rw 'mkdir rw/new && mv rw/file rw/new/file && mv rw/new/file rw/file && rmdir rw/new'
try run-rw 'cp /bin/true rw/true && rw/true'
try read-other 'read line </etc/passwd'
try list-other 'ls .'
try write-other 'echo x >sub/file'
try make-other 'mkdir sub/new'
END
wanted='read-ro yes
write-ro no
make-ro no
read-rw yes
write-rw yes
make-rw yes
run-rw yes
read-other no
list-other no
write-other no
make-other no'
cp look.sh ro/look.sh
for way in $WAYS; do
	# What enters at load has opened its libraries before.
	run shim "match = dash; $rule" "$door" "${way%:*}" "${way#*:}" /bin/dash ro/look.sh
	expect_eq "$way" "$wanted" "$OUT"
	expect_silent "$way"
done
run shim "match = dash; pid = new; mnt = new; $rule" "$door" posix_spawn direct /bin/dash ro/look.sh
expect_eq 'in namespaces' "$wanted" "$OUT"

# no_new_privs is set where the kernel demands it.
nnp=1
[ -z "$ROOT" ] || nnp=0
run inside 'landlock_ro = /' grep NoNewPrivs /proc/self/status
expect_eq 'no_new_privs' "NoNewPrivs:	$nnp" "$OUT"
run inside 'user = new; landlock_ro = /; no_new_privs = no' grep NoNewPrivs /proc/self/status
expect_eq 'in a user namespace of its own' $'NoNewPrivs:\t0' "$OUT"
if [ -z "$ROOT" ]; then
	run inside 'landlock_ro = /; no_new_privs = no' true
	expect_line 'without no_new_privs' 'EPERM.*needs no_new_privs = yes'
fi

# A program that is not below any, and a path that is not there.
for way in execve:vfork posix_spawn:direct execve:direct+threads; do
	run shim 'match = state; landlock_ro = /etc' "$door" "${way%:*}" "${way#*:}" "$state" ids
	expect_eq "$way: not the program" "${way%:*}: EACCES outside" "$(xargs <<<"$OUT")"
	expect_line "$way: not the program" 'execve .*/state: .*EACCES.*have to be below a landlock_ro'
done
for way in posix_spawn:direct execve:direct+threads; do
	run shim 'match = state; landlock_ro = /; landlock_rw = /nowhere' "$door" "${way%:*}" "${way#*:}" "$state" ids
	expect_eq "$way: no such path" "${way%:*}: ENOENT outside" "$(xargs <<<"$OUT")"
	expect_line "$way: no such path" 'open /nowhere: .*ENOENT.*not there inside'
done

# A kernel without it is found out before anything is done, so that on_error decides.
run shim 'match = state; net = new; landlock_ro = /' "$PROG/seccomp" landlock_create_ruleset:ENOSYS "$door" execve direct "$state" ids
expect_eq 'a kernel without it' 'execve: ENOSYS outside' "$(xargs <<<"$OUT")"
expect_line 'a kernel without it' 'landlock_create_ruleset: .*ENOSYS.*Linux 5.13'
run shim 'match = state; net = new; landlock_ro = /; on_error = continue' "$PROG/seccomp" landlock_create_ruleset:ENOSYS "$door" execve direct "$state" ns:net
expect_eq 'a kernel without it, and going on' "$(ns_of net)" "$OUT"
expect_line 'a kernel without it, and going on' 'ENOSYS.*executed outside'

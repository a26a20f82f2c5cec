#!/bin/bash
# runs: root
# Who made the mount namespace can have any file of root's appear there as one of /proc.
. "$(dirname "$0")/../case.sh"

held() { # COMMAND: is run in a mount namespace, which then stays
	hold_by unshare -m --propagation private sh -c "$1; exec sleep 1000"
	mnt=/proc/$HELD/ns/mnt
}
victim=$T/victim
echo kept >"$victim"

held "mount -t tmpfs none /proc/sys/kernel && ln -s '$victim' /proc/sys/kernel/shmmni"
run inside "mnt = $mnt; ipc = new; sysctl = kernel.shmmni 77" sh -c 'umount /proc/sys/kernel; cat /proc/sys/kernel/shmmni'
expect_silent 'a link in the place of a sysctl'
expect_eq 'the file that it leads to is kept' kept "$(cat "$victim")"
expect_eq 'and the sysctl is set' 77 "$OUT"

files='uid_map gid_map setgroups timens_offsets'
held "mount -t tmpfs none /proc && mkdir /proc/self && for f in $files; do ln -s '$victim' /proc/self/\$f; done"
run inside "mnt = $mnt; user = new; time = new; boottime = 7000000" python3 -c '
import os, time
print(os.getuid(), os.getgid(), int(time.clock_gettime(time.CLOCK_BOOTTIME) > 7000000))'
expect_silent 'a /proc of its own making'
expect_eq 'files that it leads to are kept' kept "$(cat "$victim")"
expect_eq 'and the ids and clocks are set' '0 0 1' "$OUT"

held 'umount -l /proc'
run inside "mnt = $mnt; user = new" id -u
expect_silent 'without a /proc'
expect_eq 'without a /proc' 0 "$OUT"

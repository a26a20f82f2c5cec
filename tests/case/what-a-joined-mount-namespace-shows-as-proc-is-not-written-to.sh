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

held "mount -t tmpfs none /proc && mkdir /proc/self && ln -s '$victim' /proc/self/coredump_filter"
run shim "match = sh; mnt = $mnt; pid = new; proc = host" python3 -c '
import os
os.execv("/bin/sh", ["sh", "-c", "kill -KILL $$"])'
expect_eq 'what stays with a program ends as it does' 137 "$RC"
expect_eq 'and writes to no file inside' kept "$(cat "$victim")"

# Nor is anything read there. What has to close descriptors one by one has the list of before.
held 'mount -t tmpfs none /proc && mkdir -p /proc/self/fd'
run "$PROG/seccomp" close_range:ENOSYS env LD_PRELOAD="$LIB" \
	NSSHIM_PROFILE="$(profile "mnt = $mnt; close_fds = all")" env sh -c 'echo >&9 && echo open; :' 9>"$T/written"
expect_eq 'a descriptor' ' 0' "$OUT $(wc -c <"$T/written")"

# No device either is opened that only is where a terminal should be.
held "mount -t tmpfs none /dev && mkfifo /dev/tty"
run shim "match = sh; mnt = $mnt; new_session = yes" setsid env sh -c 'echo inside'
expect_eq 'what leads a session' 'inside' "$OUT"
expect_silent 'what leads a session'

# Nor believed: what is told are the namespaces themselves.
held "mount -t tmpfs none /proc && mkdir -p /proc/thread-self/ns && touch /proc/thread-self/ns/mnt /proc/thread-self/ns/uts"
for when in exec load; do
	NSSHIM_LOG=info run inside "mnt = $mnt; uts = ${mnt%mnt}uts; when = $when" true
	expect_line "$when: which namespaces" "entered mnt uts: mnt:\\[$(stat -Lc %i "$mnt")\\] uts:\\[$(stat -Lc %i "${mnt%mnt}uts")\\]"
done

# Nor are the ids: real root would stay real root, in the hands of those inside.
cat >other.py <<'END'
import ctypes, os, subprocess, sys
libc = ctypes.CDLL(None)
go, mapped = os.pipe(), os.pipe()
pid = os.getpid()
if not os.fork():
    os.read(go[0], 1)
    for file in "uid_map", "gid_map":
        open("/proc/%d/%s" % (pid, file), "w").write("0 100000 65536")
    os.write(mapped[1], b"x")
    os._exit(0)
assert not libc.unshare(0x10000000 | 0x20000)  # user, mnt
os.write(go[1], b"x")
os.read(mapped[0], 1)
os.wait()
os.setgroups([])
os.setresgid(0, 0, 0)
os.setresuid(0, 0, 0)
subprocess.run(sys.argv[1], shell=True, check=True)
os.execvp("sleep", ["sleep", "1000"])
END
for lie in '65534 0 1' '0 100000 65536'; do
	hold_by python3 other.py "mount --make-rprivate / && mount -t tmpfs none /proc && mkdir /proc/self &&
		echo '$lie' >/proc/self/uid_map && cp /proc/self/uid_map /proc/self/gid_map"
	for rule in "join = pid:$HELD" "mnt = pid:$HELD; user = pid:$HELD" "mnt = pid:$HELD; user = pid:$HELD; when = load"; do
		run inside "$rule" sh -c 'id -u; id -g; exec stat -c %u:%g /root'
		expect_eq "$rule: a map that says $lie" $'0\n0\n65534:65534' "$OUT"
		expect_silent "$rule: a map that says $lie"
	done
done

held 'umount -l /proc'
run inside "mnt = $mnt; user = new" id -u
expect_silent 'without a /proc'
expect_eq 'without a /proc' 0 "$OUT"

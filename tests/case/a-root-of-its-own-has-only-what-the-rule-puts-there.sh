#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

own_sets
outside=$(readlink /proc/self/root)
sandbox="root = tmpfs
bind = /usr /usr ro,rec
symlink = usr/bin /bin
symlink = usr/lib /lib
symlink = usr/lib64 /lib64
bind = $PROG /prog ro
proc = /proc
dev = /dev
dir = /tmp mode=1777
file = /etc/hostname sandbox
ro = /
tmpfs = /tmp mode=1777
cwd = /tmp"

# Each way in, alone, below a user namespace, and in a set, whose members come to the same root. Raw
# system calls load the program outside, before the rule is asked.
for kind in '' 'user = new' 'share = one' 'share = two; uid_map = self; gid_map = self' 'share = three; user = new; net = new'; do
	for way in $WAYS execvp:fork posix_spawnp:direct system:direct; do
		case $kind,$way in *raw:* | share*+threads | share*vfork) continue ;; esac
		run shim "match = /prog/*; pid = new; $kind; ${sandbox//$'\n'/; }" "$door" "${way%:*}" "${way#*:}" /prog/state \
			cwd ns:mnt fds open:/etc/passwd open:/etc/hostname open:/proc/1/status
		expect_eq "$kind, $way: exit status" 0 "$RC"
		expect_eq "$kind, $way: files" $'cwd /tmp\nopen ENOENT\nopen ok\nopen ok' "$(grep -vE '^(fd|mnt)' <<<"$OUT")"
		expect_not "$kind, $way: mnt" "$(ns_of mnt)" "$(grep ^mnt: <<<"$OUT")"
		expect_unlike "$kind, $way: descriptors" 'fd [0-9]+ (/|/usr|/dev|/proc|stash|root|nsshim[^ ]*|socket[^ ]*|anon_inode[^ ]*|\[fs[^ ]*)($|'$'\n'')' "$OUT"
		expect_silent "$kind, $way"
	done
done
expect_no_sets 'after them all'


# At load, and of children that only fork; what is loaded has come from outside.
files=$(sed 's/^proc = .*/bind = \/proc \/proc rec/' <<<"$sandbox")
run shim "match = */state; ${files//$'\n'/; }" "$door" raw fork "$state" cwd open:/etc/passwd open:/prog/state
expect_eq 'at load' $'cwd /tmp\nopen ENOENT\nopen ok' "$OUT"
expect_silent 'at load'
cat >forks.py <<'END'
import os
pid = os.fork()
print("inside" if not pid else "outside", os.getcwd(), os.path.exists("/etc/passwd"), flush=True)
if not pid:
    os._exit(0)
os.waitpid(pid, 0)
END
run shim "match = python3*; when = fork; ${files//$'\n'/; }" python3 forks.py
expect_eq 'children that only fork' "inside /tmp False"$'\n'"outside $T True" "$(sort <<<"$OUT")"
expect_silent 'children that only fork'

# All that is mounted is the rule's.
run inside "pid = new
$sandbox" sh -c 'cat /etc/hostname; readlink /proc/self; touch /x || touch /tmp/x; ls / | xargs; ls -d /../../usr; echo >/dev/null; cat /proc/self/mountinfo'
expect_like 'the text, the pid, the root' $'^sandbox\n[1-9]\nbin dev etc lib lib64 proc prog tmp usr\n/../../usr\n' "$OUT"
expect_eq 'the mounts' "/ ro
/dev ro
/dev/full ro
/dev/null ro
/dev/pts ro
/dev/random ro
/dev/tty ro
/dev/urandom ro
/dev/zero ro
/proc ro
/prog ro
/tmp rw
/usr ro" "$(awk 'NF > 8 && / - / { print $5, substr($6, 1, 2) }' <<<"$OUT" | sort)"
expect_line 'to write' "^touch: .*/x.*Read-only"
expect_eq 'the root outside' "$outside" "$(readlink /proc/self/root)"

# A folder as the root: what is missing is made there, and what it has shows.
mkdir -p tree/etc tree/usr
echo tree >tree/etc/issue
for link in bin lib lib64; do ln -s usr/$link tree/$link; done
run inside "root = $T/tree; bind = /usr /usr rec,ro; bind = $T/tree/etc /etc2; cwd = /; pid = new; dir = /proc" sh -c 'cat /etc/issue /etc2/issue; readlink /proc/self; echo inside >/etc/new'
expect_like 'a folder' $'^tree\ntree\n[1-9]$' "$OUT"
expect_silent 'a folder'
expect_eq 'a folder: what was written' inside "$(cat tree/etc/new)"
# Without a /proc folder there is none; and nobody needs one.
rmdir tree/proc
run inside "root = $T/tree; bind = /usr /usr rec,ro; cwd = /; pid = new; hide = /etc; file = /etc2/issue x; tmpfs = /etc2" ls / /etc /etc2
expect_eq 'a folder without /proc' '/: bin etc etc2 lib lib64 usr /etc: /etc2:' "$(xargs <<<"$OUT")"
expect_silent 'a folder without /proc'
# Nor does it show that it is not the host's, if it is a copy of that.
run inside "root = /; tmpfs = /mnt" sh -c 'pwd; ls /mnt; ls -d /proc/self/root'
expect_eq 'the root as a root' "$T"$'\n/proc/self/root' "$OUT"
expect_silent 'the root as a root'

# What is mounted outside later shows in a root that is a slave.
unshare "${OWN[@]}" --mount --propagation private bash -s "$T" "$LIB" <<'END' || fail 'a slave: see above'
cd "$1" && mount --bind tree tree && cd tree && mkdir etc/later proc && mkfifo go usr/gone 2>/dev/null
mount --make-rshared / || exit 1
LD_PRELOAD=$2 NSSHIM_PROFILE="root = $1/tree; propagation = slave; bind = /usr /usr rec; bind = / /host rec; cwd = /" env sh -c 'echo >go; read -r _ <go; ls /etc/later; ls -d /host/*/' >../seen &
read -r _ <go && mount -t tmpfs none etc/later && touch etc/later/file && echo >go && wait || exit 1
grep -qx file ../seen && grep -qx /host/usr/ ../seen || { cat ../seen; exit 1; }
END

# Where no root can take another's place, the new one covers it; members of a set come there too.
for kind in 'net = new' 'share = four'; do
	run shim "match = /prog/*; pid = new; $kind; ${sandbox//$'\n'/; }" "$PROG/seccomp" pivot_root:ENOSYS \
		"$door" posix_spawn direct /prog/state cwd open:/etc/passwd open:/usr/bin/env
	expect_eq "covered, $kind" $'cwd /tmp\nopen ENOENT\nopen ok' "$OUT"
	expect_silent "covered, $kind"
done

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

mkdir src to
touch src/f
# Nothing is executed, and one line says what, where, why and what to do.
expect_failed() { # RULE REGEX
	run shim "match = */state; $1" "$door" posix_spawn direct "$state" ns:mnt
	expect_line "$1" "^nsshim: \\[rule\\] $2"
	expect_like "$1: the errno, and no child" "^posix_spawn: E[A-Z]* outside$" "$OUT"
	expect_eq "$1" 70 "$RC"
}
expect_failed "bind = /nowhere $T/to" 'mnt: open_tree /nowhere: .*ENOENT.*: .*make it, or add `optional`'
expect_failed "bind = $T/src $T/none" "mnt: open $T/none: .*ENOENT.*would show outside: make it there, or have a tmpfs or overlay-tmp above it"
expect_failed "tmpfs = $T/none/deep" "mnt: open $T/none/deep: .*ENOENT.*would show outside"
expect_failed "tmpfs = $T/to; file = $T/none x" "mnt: open $T/none: .*ENOENT.*only in what the rule mounts of its own"
expect_failed "dir = $T/none" "mnt: open $T/none: .*ENOENT.*would show outside"
expect_failed "symlink = x $T/none" "mnt: open $T/none: .*ENOENT.*would show outside"
expect_failed "bind = $T/src $T/src/f" "mnt: move_mount $T/src/f: .*of the two one is a folder and one is not"
expect_failed "bind = $T/src/f $T/to" "mnt: move_mount $T/to: .*of the two one is a folder and one is not"
expect_failed "hide = $T/none" "mnt: open $T/none: .*nothing to hide: correct the path, or add \`optional\`"
expect_failed "ro = $T/none" "mnt: open $T/none: .*nothing to be made read-only"
expect_failed "root = $T/none" "mnt: open_tree $T/none: .*the new root is a folder that is there"
expect_failed "root = $T/src/f" "mnt: move_mount $T/src/f: .*the new root is a folder that is there"
expect_failed "root = tmpfs" "mnt: chdir $T: .*give the rule cwd = PATH"
expect_failed "overlay-tmp = $T/none $T/to" "mnt: fs[a-z]* .*ENOENT.*one of its folders is not there"
expect_failed "overlay = $T/src $T/to $T/none $T/to" "mnt: fs[a-z]* .*one of its folders is not there"
expect_failed "user = new; uid_map = 0 $(id -u) 1; bind = /proc $T/to idmap" '(mnt|user): '
if [ -z "$ROOT" ]; then
	expect_failed "overlay-tmp = / $T/to" 'mnt: fsmount /: .*EINVAL.*nothing is mounted below a LOWER'
	expect_failed "user = new; bind = $T/src $T/to idmap" 'user: write .*EPERM.*`idmap` needs CAP_SETUID and CAP_SETGID outside'
	expect_failed "sysfs = $T/to" 'mnt: mount .*EPERM.*needs `net = new`'
	expect_failed "mqueue = $T/to" 'mnt: mount .*EPERM.*needs `ipc = new`'
	expect_failed "proc = $T/to" 'mnt: mount .*EPERM.*needs `pid = new`.*bind = /proc DEST rec'
	expect_failed "bind = / $T/to" 'mnt: open_tree /: .*EINVAL.*locked to it in a user namespace: add `rec`'
fi
expect_eq 'what is left outside' $'src\nto' "$(find . -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | sort)"
expect_eq 'what is left in it' '' "$(ls to)"

# An old kernel, as far as a filter can show it.
for call in openat2 open_tree mount_setattr; do
	run shim "match = */state; bind = $T/src $T/to ro" "$PROG/seccomp" $call:ENOSYS "$door" posix_spawn direct "$state" ns:mnt
	expect_line "without $call" "^nsshim: \\[rule\\] mnt: [a-z_2]* .*ENOSYS.*needs Linux 5\\.(6|12), or a seccomp filter that knows it"
done

# Before Linux 5.12 all else can be had.
run shim "match = */state; root = tmpfs; bind = /usr /usr rec; symlink = usr/lib /lib; symlink = usr/lib64 /lib64; bind = $PROG /prog; file = /a x; bind = / /host rec; tmpfs = /host$T/to; file = /host$T/src/f x; overlay-tmp = $T/src /o; cwd = /o" \
	"$PROG/seccomp" mount_setattr:ENOSYS "$door" posix_spawn direct /prog/state cwd open:/a "open:/host$T/src/f" open:/etc/passwd
expect_eq 'without mount_setattr' $'cwd /o\nopen ok\nopen ok\nopen ENOENT' "$OUT"
expect_silent 'without mount_setattr'

# What a rule cannot say.
refused() { # LINES REGEX
	run inside "$1" true
	expect_line "$1" "^nsshim: [^ ]*:[0-9]+: $2"
	expect_eq "$1" 125 "$RC"
}
refused 'bind = /usr' 'bind: not of the form `SRC DEST \[WORD,WORD...\]`'
refused 'bind = usr /usr' 'bind: relative path `usr`'
refused 'bind = /usr usr' 'bind: relative path `usr`'
refused 'bind = /usr /opt rw' 'bind: unknown word `rw`, none of ro, rec, noexec, nosuid, nodev, optional, idmap'
refused 'bind = /usr /' 'bind: the root itself: that is `root = DIR` or `root = tmpfs`'
refused 'tmpfs = /' 'tmpfs: the root itself'
refused 'tmpfs = /tmp size=1x' 'tmpfs: no size `1x`: a number, with k, m, g or %'
refused 'tmpfs = /tmp mode=8' 'tmpfs: no mode `8`: octal, up to 1777'
refused 'dir = /tmp mode=2755' 'dir: no mode `2755`'
refused 'root = tmp' 'root: relative path `tmp`'
refused 'root = /srv size=1k' 'root: not of the form `DIR`, nor `tmpfs'
refused 'tmpfs = /tmp; root = /srv' 'root: it goes before all other lines of files'
refused 'root = /srv; propagation = shared' 'propagation: with `root` it is `private` or `slave`'
refused 'hide = /srv; propagation = unchanged' 'propagation: with `hide` it is `private` or `slave`'
refused 'propagation = none' 'propagation: unknown value `none`, none of `private`, `slave`, `shared`, `unchanged`'
refused 'overlay = /a /b /c' 'overlay: not of the form `LOWER\[:LOWER...\] UPPER WORK DEST`'
refused 'overlay-tmp = a:/b /c' 'overlay-tmp: relative path `a:/b`'
refused 'symlink = x' 'symlink: not of the form `TARGET DEST`'
refused 'user = host; bind = /a /b idmap' 'bind: `idmap` is by the maps of the rule.s own user namespace: add `user = new`'
refused 'user = new; uid_map = auto; gid_map = auto; bind = /a /b idmap' 'bind: `idmap` is not for maps that are `auto`'
refused 'mnt = host; tmpfs = /tmp' 'tmpfs: .*it would change for all in the mnt namespace of the host'
refused 'mnt = /proc/1/ns/mnt; tmpfs = /tmp' 'tmpfs: .*namespace that is joined: only with `new`'
refused "$(for ((i = 0; i < 30; i++)); do echo 'tmpfs = /tmp'; done)" 'tmpfs: .*more than 29 file systems'

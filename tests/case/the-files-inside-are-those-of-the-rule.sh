#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# Of the mount on a path, as the kernel has it inside: what of its file system is there, its options, its type.
here() { # PATH
	awk -v at="$1" '$5 == at { type = $0; sub(/.* - /, "", type); split(type, t, " "); print $4, $6, t[1] }' <<<"$OUT"
}
mounts=$(wc -l </proc/self/mountinfo)
mkdir src src/sub to work up low low2 plain
echo content >src/f
echo low >low/f
echo two >low2/g
echo old >plain/f

# bind
run inside "bind = $T/src $T/to; bind = $T/src/f $T/plain/f ro,noexec,nosuid,nodev" sh -c 'cat /proc/self/mountinfo to/f plain/f; echo new >to/new; echo no >plain/f'
expect_eq 'bind: content' $'content\ncontent' "$(tail -2 <<<"$OUT")"
expect_like 'bind: a folder' "/src rw,[^ ]* " "$(here "$T/to")"
expect_like 'bind: a file' "/src/f ro,nosuid,nodev,noexec," "$(here "$T/plain/f")"
expect_like 'bind: read-only' 'Read-only' "$ERR"
expect_eq 'bind: it is the same folder' new "$(cat src/new)"
run inside "bind = $T/src/sub $T/src; bind = /nowhere $T/to optional; bind = \"$T/src\" \"$T/to\"" sh -c 'ls src to | wc -w'
expect_eq 'bind: in the order of the lines' 2 "$OUT"
run inside "tmpfs = $T/src/sub; bind = $T/src $T/to rec,ro; bind = / $T/plain rec" sh -c 'cat /proc/self/mountinfo'
expect_like 'bind: rec' '/ ro,nosuid,nodev,[^ ]* tmpfs' "$(here "$T/to/sub")"
expect_like 'bind: all of the root' ' tmpfs$' "$(here "$T/plain$T/src/sub")"
expect_silent 'bind'

# tmpfs, dir, symlink, file
run inside "tmpfs = $T/to size=64k,mode=1750; dir = $T/to/a/b mode=1711; dir = $T/to/a; symlink = a/b $T/to/l; file = $T/to/l/x one\\ntwo; file = $T/plain/f \"not old\"" \
	sh -c 'cat /proc/self/mountinfo; umask; stat -c "%a %F" to to/a to/a/b to/l; cat to/a/b/x plain/f; echo more >>plain/f'
expect_like 'tmpfs' '/ rw,nosuid,nodev,[^ ]* tmpfs' "$(here "$T/to")"
expect_like 'tmpfs: size' 'size=64k' "$(grep " $T/to " <<<"$OUT")"
expect_eq 'modes, and the texts' "$(umask)"$'\n1750 directory\n755 directory\n1711 directory\n777 symbolic link\none\ntwo\nnot old' "$(tail -8 <<<"$OUT")"
expect_silent 'tmpfs'
expect_eq 'the file outside' old "$(cat plain/f)"

# overlay
run inside "overlay-tmp = $T/low:$T/low2 $T/to; overlay = $T/low $T/up $T/work $T/plain" sh -c '
	cat /proc/self/mountinfo; echo new >to/f; rm to/g; mkdir to/d; echo newer >plain/f; cat to/f plain/f; ls to'
expect_like 'overlay' 'overlay$' "$(here "$T/to")"
expect_eq 'overlay: what it shows' $'new\nnewer\nd\nf' "$(tail -4 <<<"$OUT")"
expect_eq 'overlay: the lower ones' $'low\ntwo' "$(cat low/f low2/g)"
expect_eq 'overlay: the upper one' newer "$(cat up/f)"
expect_silent 'overlay'

# ro, hide
run inside "hide = $T/src; hide = $T/plain/f; hide = /nowhere optional; ro = $T/low; file = $T/low2/g after" sh -c '
	cat /proc/self/mountinfo; ls src; cat plain/f low/f low2/g; for i in src/x plain/f low/f; do echo x >$i; done'
expect_eq 'hide and ro: what is read' $'low\nafter' "$(tail -n +2 <<<"$(sed -n '/low2/,$p' <<<"$OUT")")"
expect_eq 'hide and ro: what is written' 3 "$(grep -cE 'Read-only|Permission denied' <<<"$ERR")"
expect_like 'hide' 'ro,nosuid,nodev,noexec' "$(here "$T/src")"
run inside "pid = new; hide = /nowhere optional" sh -c 'echo $$'
expect_eq 'what need not be there is no fault of a pid namespace' 2 "$OUT"
expect_silent 'what need not be there is no fault of a pid namespace'
run inside "tmpfs = $T/src; ro = /; file = $T/plain/f after" sh -c 'cat /proc/self/mountinfo plain/f; touch src/x || touch to/x'
expect_eq 'ro of all: what is left for writing is what comes after' "$T/plain/f" "$(awk 'NF > 6 && $6 !~ /^ro/ { print $5 }' <<<"$OUT")"
expect_eq 'ro of all' 2 "$(grep -c 'Read-only' <<<"$ERR")"

# What the kernel itself shows.
run inside "pid = new; net = new; ipc = new; proc = $T/to; sysfs = $T/low; mqueue = $T/low2; devpts = /dev/pts; dev = $T/plain" sh -c '
	cat /proc/self/mountinfo; readlink to/self /proc/self; ls low/class/net; cat plain/null; ls -x -w 200 plain; readlink plain/ptmx'
expect_like proc 'rw,nosuid,nodev,noexec,[^ ]* proc$' "$(here "$T/to")"
expect_like sysfs 'rw,nosuid,nodev,noexec,[^ ]* sysfs$' "$(here "$T/low")"
expect_like mqueue 'rw,nosuid,nodev,noexec,[^ ]* mqueue$' "$(here "$T/low2")"
expect_like devpts 'rw,nosuid,noexec,[^ ]* devpts' "$(here /dev/pts)"
expect_like dev '/null .*devtmpfs|/null ' "$(here "$T/plain/null")"
expect_eq 'what is there' 'fd full null ptmx pts random shm stderr stdin stdout tty urandom zero pts/ptmx' "$(tail -2 <<<"$OUT" | xargs)"
expect_like 'of the pid namespace, and of the network' $'\n([0-9]+)\n[0-9]+\nlo\n' "$OUT"
expect_silent 'what the kernel shows'
run inside "dev = /dev" python3 -c 'import os; m, s = os.openpty(); print(os.ttyname(s)); os.write(s, b"x"); print(os.stat("/dev/ptmx").st_mode & 0o777 == 0o666)'
expect_eq 'a terminal of its own' $'/dev/pts/0\nTrue' "$OUT"

# propagation
unshare "${OWN[@]}" --mount --propagation private bash -s "$T" "$LIB" <<'END' || fail 'propagation: see above'
cd "$1" && mount -t tmpfs none to && mount --make-rshared / || exit 1
for how in '' private slave shared unchanged; do
	got=$(LD_PRELOAD=$2 NSSHIM_PROFILE="mnt = new${how:+; propagation = $how}" env awk -v at="$1/to" '$5 == at { print $7 }' /proc/self/mountinfo)
	case $how,$got in ,- | private,- | slave,master:* | shared,shared:* | unchanged,shared:*) ;; *) echo "$how: $got"; exit 1 ;; esac
done
END
expect_eq 'mounts outside, at the end' "$mounts" "$(wc -l </proc/self/mountinfo)"

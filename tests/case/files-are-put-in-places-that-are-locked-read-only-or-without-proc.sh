#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

mkdir src to box box/to
echo content >src/f
export T LIB PROG
rule="bind = $T/src $T/to ro,rec; hide = /etc/hostname; file = $T/src/f other; tmpfs = /mnt"

# Below a user namespace of somebody's, who has locked what he mounted, and made it read-only.
cat >nested <<'END'
mount -t tmpfs none "$T/box" && mkdir "$T/box/to" "$T/box/sub" && echo secret >"$T/box/f" && mount -t tmpfs none "$T/box/sub" || exit 1
mount -o remount,bind,ro,nosuid,nodev,noexec "$T/box" || exit 1
exec unshare --user --map-root-user --mount bash -c '
	run() { LD_PRELOAD=$LIB NSSHIM_PROFILE=$1 env sh -c "$2"; }
	run "$RULE" "cat $T/to/f $T/src/f; ls /mnt; wc -c </etc/hostname"
	run "user = new; $RULE" "cat $T/to/f"
	# What is locked stays so: its flags, and what lies beneath a mount.
	run "bind = $T/box $T/to rec" "cat $T/to/f; grep -c \" $T/to ro,nosuid,nodev,noexec\" /proc/self/mountinfo; touch $T/to/x || mount -o remount,bind,rw $T/to || echo locked" 2>/dev/null
	run "ro = $T/box" "grep -c \" $T/box ro,nosuid,nodev,noexec\" /proc/self/mountinfo"
	run "bind = $T/box $T/to" true
	run "root = $T/box; cwd = /" true
	run "root = tmpfs; bind = /usr /usr ro,rec; bind = $T/box /box rec; symlink = usr/lib /lib; symlink = usr/lib64 /lib64; symlink = usr/bin /bin; cwd = /" "cat /box/f; touch /box/x" 2>&1 | sed "s/.*: //"
'
END
run env RULE="$rule" unshare "${OWN[@]}" --mount --propagation private bash nested
expect_eq 'nested user namespaces' "content
other
0
content
secret
1
locked
1
secret
Read-only file system" "$OUT"
expect_like 'what is locked below it' 'open_tree [^ ]*/box: .*EINVAL.*locked to it in a user namespace: add `rec`' "$ERR"

# A root that is read-only.
cat >./readonly <<'END'
mount --rbind / /mnt && mount -o remount,bind,ro /mnt && cd /mnt && pivot_root . mnt && umount -l /mnt && cd "$T" || exit 1
touch "$T/x" 2>/dev/null && exit 1
LD_PRELOAD=$LIB NSSHIM_PROFILE=$RULE env sh -c "cat $T/to/f $T/src/f; touch /mnt/x && ls /mnt"
LD_PRELOAD=$LIB NSSHIM_PROFILE="root = tmpfs; bind = / /host rec; bind = /usr /usr rec; symlink = usr/lib /lib; symlink = usr/lib64 /lib64; symlink = usr/bin /bin; cwd = /" env sh -c "cat /host$T/src/f; mkdir /new && ls -d /new"
END
run env RULE="$rule" unshare "${OWN[@]}" --mount --propagation private bash readonly
expect_eq 'a root that is read-only' $'content\nother\nx\ncontent\n/new' "$OUT"
expect_silent 'a root that is read-only'

# A chroot to a mount, without /proc.
cat >chrooted <<'END'
mount -t tmpfs none "$T/box" && cd "$T/box" && mkdir usr proc etc to src mnt && cp "$LIB" "$PROG/state" "${LIB%/*}/nsshim" . && mount --rbind /usr usr || exit 1
ln -s usr/bin usr/lib usr/lib64 . && echo content >src/f && echo host >etc/hostname
LD_PRELOAD= chroot . /usr/bin/env LD_PRELOAD=/libnsshim.so NSSHIM_PROFILE="bind = /src /to ro,rec; hide = /etc/hostname; file = /src/f other; tmpfs = /mnt" /usr/bin/env sh -c 'cat /to/f /src/f; ls /mnt; wc -c </etc/hostname'
LD_PRELOAD= chroot . /usr/bin/env LD_PRELOAD=/libnsshim.so NSSHIM_PROFILE="root = tmpfs; bind = /src /to; bind = /usr /usr rec; symlink = usr/lib /lib; symlink = usr/lib64 /lib64; symlink = usr/bin /bin; cwd = /" /usr/bin/env sh -c 'cat /to/f; ls -x -w 200 /'
END
run unshare "${OWN[@]}" --mount --propagation private bash chrooted
expect_eq 'a chroot without /proc' $'content\nother\n0\ncontent\nbin  lib  lib64  to  usr' "$OUT"
expect_silent 'a chroot without /proc'

# Two hundred binds, and one descriptor to spare: each is closed when it has been put.
binds=
for ((i = 0; i < 200; i++)); do
	binds+="bind = $T/src $T/to"$'\n'
done
run shim "match = */state"$'\n'"$binds" "$door" -f execve fork "$state" "open:$T/to/f" ns:mnt
expect_like 'every descriptor in use' $'^open ok\nmnt:' "$OUT"
expect_silent 'every descriptor in use'
run shim "match = */state"$'\n'"$binds" "$door" posix_spawn direct "$state" fds
expect_unlike 'what is left open' " $T/(src|to)| /\$| stash" "$OUT"

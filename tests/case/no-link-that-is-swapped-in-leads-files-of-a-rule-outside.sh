#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# A process that had the folder before, and still has, makes a link of what was a folder, again and
# again, while programs enter. SOAK: how many do (make soak).
n=${SOAK:-150}
mkdir -p victim/sub tree/usr tree/real/sub tree/out
echo outside >victim/secret
echo inside >tree/real/secret
for link in bin lib lib64; do ln -s usr/$link tree/$link; done
cp -r tree/real tree/a
mkdir -p "tree$T" && cp -r tree/real "tree$T/victim" # where these links lead for the inside
ln -s "$T/victim" tree/b
ln -s "../../../../../../../../../../../..$T/victim" tree/c
cat >swap.py <<'END'
import ctypes, os, sys
libc = ctypes.CDLL(None)
os.chdir(sys.argv[1])
open("../ready", "w")
while os.path.exists("../ready"):
    for one, other in ((b"a", b"b"), (b"a", b"c")):
        libc.renameat2(-100, one, -100, other, 2)  # RENAME_EXCHANGE
END
python3 swap.py "$T/tree" &
HOLDERS+=($!)
for ((i = 0; i < 250; i++)); do
	[ ! -e ready ] || break
	sleep 0.02
done
profile "root = $T/tree
bind = /usr /usr rec,ro
bind = $T/tree/a/secret /out/x
tmpfs = /a/sub
file = /a/file planted
dir = /a/dir
symlink = x /a/link
hide = /a/secret
bind = /usr /a/deep/er
cwd = /" rules.ini >/dev/null
export LD_PRELOAD=$LIB
NSSHIM_PROFILE=$T/rules.ini bash -c 'for ((i = 0; i < $1; i++)); do env sh -c "cat /out/x"; done' - "$n" >out 2>err
unset LD_PRELOAD
rm ready
expect_eq 'what a source was' '' "$(grep -v '^inside$' out | sort -u)"
expect_eq 'what is outside' $'secret\nsub' "$(ls victim)"
expect_eq 'what is below that' '' "$(ls victim/sub)"
expect_eq 'the text there' outside "$(cat victim/secret)"
expect_eq 'the mounts' 0 "$(grep -c " $T" /proc/self/mountinfo)"
# Now and then two things of one name are no longer the same; most have entered.
[ "$(wc -l <out)" -gt $((n / 3)) ] || fail "few have entered: $(wc -l <out) of $n, and $(sort err | uniq -c | head -3)"
expect_eq 'what failed has said so' '' "$(grep -vE '^nsshim: \[rule\] mnt: |cannot execute: required file not found' err | head -3)"

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

mkdir here
# Where the machine shares its mounts, as systemd has them, a copy would pass on what is mounted in it.
unshare "${OWN[@]}" --mount --propagation private bash -s "$T" "$LIB" <<'END' || fail "see above"
mount -t tmpfs none "$1/here" && mount --make-rshared / || exit 1
touch "$1/here/before" && mkdir "$1/here/point"
LD_PRELOAD=$2 NSSHIM_PROFILE='mnt = new' env sh -c '
	mount -t tmpfs none "$1/here/point" && touch "$1/here/point/inside" && grep -q " $1/here/point " /proc/self/mounts' - "$1" || exit 1
if grep -q " $1/here/point " /proc/self/mounts || [ -e "$1/here/point/inside" ]; then
	echo "what was mounted inside shows outside"
	exit 1
fi
END
run inside 'mnt = new' sh -c 'mount -t tmpfs none "$0/here" && grep -c " $0/here " /proc/self/mounts' "$T"
expect_eq 'inside' 1 "$OUT"
expect_eq 'outside' 0 "$(grep -c " $T/here " /proc/self/mounts)"
expect_silent 'it'

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# As it is for each other step: tests/inject.
command -v strace >/dev/null || skip 'strace is not installed'
mkdir src to
"$TESTS/inject" posix_spawn:direct mnt \
	"match = state; root = /; bind = $T/src $T/to ro; hide = $T/src; tmpfs = /mnt; dir = /mnt/a; file = /mnt/x y; ro = /mnt" ||
	fail 'see above'
expect_eq 'what is left outside' $'src:\n\nto:' "$(ls src to)"

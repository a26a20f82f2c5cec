#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# As it is for each other step: tests/inject.
command -v strace >/dev/null || skip 'strace is not installed'
mkdir src to
rule="match = state; root = /; bind = $T/src $T/to ro; hide = $T/src; tmpfs = /mnt; dir = /mnt/a; file = /mnt/x y; ro = /mnt"
"$TESTS/inject" posix_spawn:direct mnt "$rule" || fail 'see above'
# An ordinary user's is tried out first: the two halves can fail apart.
[ -n "$ROOT" ] || ERRORS='EPERM ENOENT' "$TESTS/inject" execve:direct mnt "$rule" || fail 'execve'
expect_eq 'what is left outside' $'src:\n\nto:' "$(ls src to)"

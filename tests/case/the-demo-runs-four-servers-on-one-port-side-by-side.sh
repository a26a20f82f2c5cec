#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# In a network of its own, so that neither half of the tests is in the way of the other.
alone() {
	LD_PRELOAD=$LIB NSSHIM_PROFILE='net = new; uid_map = self; gid_map = self' \
		env TMPDIR="$T" NSSHIM_LIB="$LIB" "$@" "$TESTS/../examples/demo"
}
users='root nobody'
[ -n "$ROOT" ] || users=$(id -un)

run alone
expect_eq 'exit status' 0 "$RC"
expect_silent 'the demo'
wanted=
for name in $users; do
	wanted="$wanted$name: 1 of 4 passed
$name: 4 of 4 passed
"
done
expect_eq 'what it shows' "$wanted" "$(sed -n 's/^\([^ ]*\), with.*/\1:/p; s/^  \(. of 4 passed\)$/\1/p' <<<"$OUT" | paste -d ' ' - -)
"
expect_eq 'nothing is left' '' "$(find "$T" -mindepth 1 ! -name '.out' ! -name '.err')"

# Where the machine refuses namespaces it says so, with the remedy.
run alone "$PROG/seccomp" docker
expect_eq 'refused: exit status' 1 "$RC"
expect_like 'refused' 'nsshim: \[(built-in|default)\] .*unshare: Operation not permitted \(EPERM\): a seccomp filter' "$OUT"
expect_like 'refused' 'NOT AS EXPECTED' "$OUT"

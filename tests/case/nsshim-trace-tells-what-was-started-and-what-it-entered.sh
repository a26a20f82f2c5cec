#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# Without the numbers, which are others each time; what stands below what stays.
told() { sed -E 's/^ *[0-9]+\.[0-9]{3} ms  ( *)[0-9]+  /\1/' <<<"$ERR"; }
traced() { run "$BUILD/nsshim" trace "$@"; }

traced -e match=state -e uts=new sh -c '"$0" args; python3 -c "import os, sys; os.posix_spawn(sys.argv[1], [sys.argv[1]], os.environ); os.wait()" "$0"; exit 3' "$state"
expect_eq 'its status' 3 "$RC"
expect_like 'its output' '^arg 0 ' "$OUT"
expect_eq 'what was started' 'sh  outside
  state  [inline] by exec: uts' "$(told | head -n 2)"
expect_like 'by posix_spawn' '    state  \[inline\] by spawn: uts' "$(told)"

traced -e match=state -e uts=new -e when=load sh -c '"$0"; :' "$state"
expect_eq 'at load' 'sh  outside
  state  outside
  state  [inline] by load: uts' "$(told)"
traced -e match=state -e pid=new -e mnt=new sh -c '"$0"; :' "$state"
expect_like 'with a pid namespace' '^  state  \[inline\] by (exec|image): mnt pid$' "$(told | tail -n 1)"
traced -e 'match=python3*' -e uts=new -e when=fork python3 -c 'import os; os.fork() or os._exit(0); os.wait()'
expect_like 'a child that only forks' '^  \(forked\)  \[inline\] by fork: uts$' "$(told | tail -n 1)"

# A fault is told as ever, and the program's end is the command's.
traced -e match=state -e net=netns:not-there sh -c '"$0"; kill -TERM $$' "$state"
expect_eq 'a signal' 143 "$RC"
expect_like 'a fault' 'net: open /run/netns/not-there: ' "$ERR"
[ -z "$(find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'nsshim-trace.*' -user "$(id -u)" -newer "$T" 2>/dev/null)" ] || fail 'a file is left'

traced
expect_eq 'no program' 125 "$RC"
traced -e net=new "$T/not-there"
expect_eq 'not there' 127 "$RC"
run env TMPDIR="$T/not-there" "$BUILD/nsshim" trace true
expect_eq 'no place for the records' 125 "$RC"
expect_like 'no place for the records' '^nsshim: trace: .*: No such file or directory' "$ERR"

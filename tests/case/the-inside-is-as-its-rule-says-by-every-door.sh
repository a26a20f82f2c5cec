#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

own_sets
host=$(uname -n)
inner='hostname = inner; boottime = 100000; rlimit = core 0; umask = 031'
cat >look.sh <<'END'
uname -n
umask
up=$(cut -d. -f1 /proc/uptime)
[ "$up" -gt 100000 ] && echo later
END
wanted=$'inner\n0031\nlater'

run inside "$inner" sh look.sh
expect_eq 'the exec door' "$wanted" "$OUT"
run shim "match = dash; $inner" "$PROG/door" posix_spawn direct "$(readlink -f /bin/dash)" look.sh
expect_eq 'the spawn door' "$wanted" "$OUT"
run shim "match = dash; when = load; $inner" dash look.sh
expect_eq 'the load door' "$wanted" "$OUT"
run shim "match = dash; $inner; pid = new; mnt = new" sh -c 'dash look.sh; true'
expect_eq 'a pid namespace' "$wanted" "$OUT"

# The names are the set's, the limits each program's own.
run shim "match = dash; share = inner; $inner" sh -c '
	dash look.sh; dash -c "readlink /proc/self/ns/uts /proc/self/ns/time"; dash -c "readlink /proc/self/ns/uts /proc/self/ns/time"'
expect_eq 'a set' "$wanted" "$(sed -n 1,3p <<<"$OUT")"
expect_eq 'a set: one' "$(sed -n 4,5p <<<"$OUT")" "$(sed -n 6,7p <<<"$OUT")"
expect_no_sets 'a set'
run shim "match = dash; pool = 2; uts = new; $inner" sh -c 'for i in 1 2 3; do dash look.sh; done'
expect_eq 'a pool' "$wanted"$'\n'"$wanted"$'\n'"$wanted" "$OUT"
expect_no_sets 'a pool'

# Another name in the same set is another set.
run shim '[a]
match = dash
share = s
hostname = one
[b]
match = sh
share = s
hostname = two' env
expect_line 'two names' ':8: share: of line 7: another set than that of this name in \[a\]'

cat >forks.py <<'END'
import os, resource
if os.fork() == 0:
    print(os.uname()[1], resource.getrlimit(resource.RLIMIT_CORE)[0], "%03o" % os.umask(0), flush=True)
    os._exit(0)
os.wait()
print(os.uname()[1])
END
run shim "match = python3*; when = fork; $inner" /usr/bin/python3 forks.py
expect_eq 'the fork door' $'inner 0 031\n'"$host" "$OUT"

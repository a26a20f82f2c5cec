#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# By vfork the entry is another image's, whose /proc/self/exe is itself; by fork it is not.
cat >again.py <<'END'
import os, subprocess, sys

if len(sys.argv) > 1:
    print(os.path.realpath(sys.executable), os.readlink("/proc/self/ns/pid"))
    sys.exit(4)
exe = os.path.realpath("/proc/self/exe")
words = ["/proc/self/exe", "again.py", "inside"]
sys.stdout.flush()
pid = os.fork()
if not pid:
    os.execv(words[0], words)
ends = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), subprocess.run(words).returncode]
ends.append(os.waitstatus_to_exitcode(os.waitpid(os.posix_spawn(words[0], words, os.environ), 0)[1]))
print(ends)
END
for mnt in 'mnt = new' 'proc = host'; do
	run shim "match = python3*; pid = new; $mnt; uid_map = self; gid_map = self" /usr/bin/python3 again.py
	expect_silent "$mnt"
	expect_eq "$mnt: ends" '[4, 4, 4]' "$(tail -n 1 <<<"$OUT")"
	expect_eq "$mnt: programs" 1 "$(sed '$d' <<<"$OUT" | cut -d ' ' -f 1 | sort -u | wc -l)"
	expect_eq "$mnt: each in its own" 3 "$(sed '$d' <<<"$OUT" | grep -c "pid:")"
	expect_unlike "$mnt: all inside" "$(ns_of pid | sed 's/[][]/\\&/g')" "$OUT"
done

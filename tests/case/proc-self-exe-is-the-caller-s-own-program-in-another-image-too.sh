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

# Nor where the caller's file has gone, as by an upgrade: another image has no name for it.
cat >gone.c <<'END'
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
static void *idle(void *arg) { pause(); return arg; }
/* gone NAME [direct|threads]: executes NAME, its own file, once more, which it has deleted */
int main(int argc, char **argv)
{
	char *words[] = { argv[1], "again", NULL };
	pthread_t thread;
	if (argc < 3)
		return puts(argv[1]) < 0;
	unlink(argv[0]);
	if (!strcmp(argv[2], "threads"))
		pthread_create(&thread, NULL, idle, NULL);
	execv(argv[1], words);
	perror("execv");
	return 5;
}
END
cc -o gone gone.c -pthread || exit 1
# Inside is a /proc, and nothing else of here.
hold_by unshare "${OWN[@]}" --mount --propagation private sh -c "mount -t tmpfs none '$T' && exec sleep 1000"
for rule in 'mnt = new; tmpfs = /mnt' 'pid = new; mnt = new' 'net = new' "join = pid:$HELD; cwd = /"; do
	for how in direct threads; do
		cp gone going
		run shim "match = going; $rule" ./going /proc/self/exe "$how"
		expect_eq "$rule: $how" '0 again' "$RC $OUT"
		expect_silent "$rule: $how"
	done
done

# A file that only another process sees, by whose root it is named: never the one of that name here.
printf '#!/bin/sh\necho here\n' >tool && chmod 755 tool
hold_by unshare "${OWN[@]}" --mount --propagation private sh -c "mount -t tmpfs none '$T' &&
	printf '#!/bin/sh\necho there\n' >'$T/tool' && chmod 755 '$T/tool' && exec sleep 1000"
for rule in 'mnt = new; tmpfs = /mnt' 'net = new' 'user = new; mnt = new; tmpfs = /mnt' 'user = new'; do
	for way in execve:direct execve:vfork execve:direct+threads posix_spawn:direct; do
		run shim "match = tool; $rule" "$door" "${way%:*}" "${way#*:}" "/proc/$HELD/root$T/tool"
		expect_like "$rule: $way" '^there$|: EACCES' "$OUT"
	done
done

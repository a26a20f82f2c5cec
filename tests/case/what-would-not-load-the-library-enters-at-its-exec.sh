#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

host=$(ns_of net)
rule='when = load; net = new; uid_map = self; gid_map = self'
cat >target.c <<'END_OF'
#include <stdio.h>
#include <unistd.h>
int main(void)
{
	char net[64] = { 0 };
	return readlink("/proc/self/ns/net", net, sizeof net - 1) < 0 || puts(net) < 0;
}
END_OF
cc -static -o target target.c && cc -static-pie -o pie target.c && cc -o plain target.c || exit 1
printf '#!%s/target\n' "$T" >script
printf '#!%s/script\n' "$T" >nested
printf '#! /bin/sh\nexec readlink /proc/$$/ns/net\n' >shell
printf 'exec readlink /proc/$$/ns/net\n' >bare
cp plain unreadable && chmod 111 unreadable
chmod 755 script nested shell bare
for entry in execve posix_spawn execvp; do
	for name in target pie script nested unreadable; do
		expect_own_net "$entry: $name" "match = $name; $rule" "$door" $entry fork "$T/$name"
	done
	expect_own_net "$entry: a script of a shell" "match = shell; $rule" "$door" $entry fork "$T/shell"
done
expect_own_net 'a script without an interpreter' "match = bare; $rule" "$door" execvp fork "$T/bare"
for entry in fexecve execveat-empty execveat-dirfd; do
	expect_own_net "by a descriptor, $entry" "match = plain; $rule" "$door" $entry fork "$T/plain"
done
expect_own_net 'by a link of the kernel' "match = plain; $rule" sh -c 'exec 9<"$0"; /proc/self/fd/9; true' "$T/plain"

# Started by one whose ids differ: ld.so takes no library there.
if [ -n "$ROOT" ]; then
	cat >other-ids.py <<'END_OF'
import os, sys
os.setresuid(65534, 0, 0)
os.execv(sys.argv[1], sys.argv[1:])
END_OF
	expect_own_net 'ids that differ' "match = plain; $rule" /usr/bin/python3 other-ids.py "$T/plain"
	cp "$state" set-id && chmod 4755 set-id
	LD_PRELOAD=$LIB NSSHIM_PROFILE=$(profile "match = set-id; $rule") \
		run setpriv --reuid=65534 --regid=65534 --clear-groups sh -c './set-id ns:net; true'
	expect_like 'a set-id program' '^net:' "$OUT"
	expect_not 'a set-id program: inside' "$host" "$OUT"
	setcap cap_chown+p plain
	expect_own_net 'file capabilities' "match = plain; $rule" sh -c './plain; true'
	setcap -r plain
fi
# The library is out of reach, by one name or the other.
cp "$LIB" "$NSSHIM" .
LD_PRELOAD=$T/libnsshim.so NSSHIM_PROFILE=$(profile "match = plain; $rule") \
	run sh -c 'rm libnsshim.so; ./plain; true'
expect_not 'the library has gone' "$host" "$OUT"
cp "$LIB" .
LD_LIBRARY_PATH=$T LD_PRELOAD=libnsshim.so NSSHIM_PROFILE=$(profile "match = plain; $rule") \
	run sh -c 'unset LD_LIBRARY_PATH; ./plain; true'
expect_not 'the folder of the library has gone' "$host" "$OUT"
expect_silent 'the folder of the library has gone'
LD_LIBRARY_PATH=$T LD_PRELOAD=libnsshim.so NSSHIM_PROFILE=$(profile "match = plain; $rule") run sh -c './plain; true'
expect_not 'the library is found by its folder' "$host" "$OUT"

# An entry that fails is then seen by the caller.
run shim "match = target; when = load; net = $T/missing" "$door" execve fork "$T/target"
expect_eq 'a failure' 'execve: ENOENT outside' "$OUT"
expect_line 'a failure' '^nsshim: \[rule\] net: open'

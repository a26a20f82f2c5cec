#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

cp "$state" prog
ln -s prog link
printf '#!%s exit:5\n' "$T/prog" >script
printf '#!./script\n' >script-2
chmod 755 script script-2
"$PROG/odd" >libc 2>&1
expect_like 'libc alone' 'too_many: E2BIG' "$(cat libc)"
for rule in 'match = nothing; net = new' 'match = /none/*; net = new' 'net = new; uid_map = self; gid_map = self' \
	'user = new; ipc = new; uid_map = self; gid_map = self'; do
	shim "$rule" "$PROG/odd" >now 2>&1
	difference=$(diff libc now) || fail "$rule: < libc alone, > with the shim"$'\n'"$difference"
done

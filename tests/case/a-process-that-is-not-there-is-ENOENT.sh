#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

sleep 0 &
gone=$!
wait "$gone"
for key in net join; do
	for way in execve:direct execve:fork execve:vfork execve:direct+threads posix_spawn:direct; do
		run shim "match = state; $key = pid:$gone" "$door" "${way%:*}" "${way#*:}" "$state"
		expect_eq "$key, $way" "${way%:*}: ENOENT outside" "$OUT"
		expect_line "$key, $way" "^nsshim: \[rule\] .*$gone.*No such file or directory \(ENOENT\): there is no such process"
	done
	run shim "match = state; $key = pid:$gone" "$door" raw fork "$state" ns:net
	expect_eq "$key, at load: nothing is printed" '' "$OUT"
	expect_eq "$key, at load: exit status" 126 "$RC"
	expect_line "$key, at load" "^nsshim: \[rule\] .*ENOENT"
done
# One that has ended, and is not waited for: it is in no namespaces any more, but has a number.
python3 -c 'import os, time
if os.fork():
	time.sleep(1000)' &
HOLDERS+=($!)
await_child $!
until grep -q '^State:.*Z' "/proc/$CHILD/status"; do
	sleep 0.01
done
run shim "match = state; join = pid:$CHILD" "$door" execve fork "$state"
expect_eq 'one that is not waited for' 'execve: ENOENT outside' "$OUT"
expect_line 'one that is not waited for' "^nsshim: \[rule\] .*/proc/$CHILD/.*\(ENOENT\): the process has ended"

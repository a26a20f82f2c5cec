#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

sleep 0 &
gone=$!
wait "$gone"
for way in execve:direct execve:fork execve:vfork execve:direct+threads posix_spawn:direct; do
	run shim "match = state; net = pid:$gone" "$door" "${way%:*}" "${way#*:}" "$state"
	expect_eq "$way" "${way%:*}: ENOENT outside" "$OUT"
	expect_line "$way" "^nsshim: \[rule\] .*$gone.*No such file or directory \(ENOENT\)"
done
run shim "match = state; net = pid:$gone" "$door" raw fork "$state" ns:net
expect_eq 'at load: nothing is printed' '' "$OUT"
expect_eq 'at load: exit status' 126 "$RC"
expect_line 'at load' "^nsshim: \[rule\] .*ENOENT"

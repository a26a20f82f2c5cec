#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# It is loaded all the same, and is pid 1 of the namespaces that it creates, as a program.
mkdir lib && cp "$LIB" "$NSSHIM" lib && chmod 644 lib/libnsshim.so
LIB=$T/lib/libnsshim.so
rule='match = state; pid = new; mnt = new; uid_map = self; gid_map = self'
for way in posix_spawn:direct posix_spawnp:direct execve:direct execve:fork execve:vfork execve:direct+threads raw:fork; do
	for rights in 644 444 600; do
		chmod $rights lib/libnsshim.so
		run shim "$rule" "$PROG/reap" 30 "$door" "${way%:*}" "${way#*:}" "$state" ns:pid
		case $way in
		raw:*) expect_eq "$way, $rights: status" 126 "$RC" ;;
		*) expect_eq "$way, $rights" "${way%:*}: EACCES outside" "$OUT" ;;
		esac
		expect_line "$way, $rights" '^nsshim: \[rule\] pid: .*libnsshim.so: Permission denied \(EACCES\).*chmod \+x'
	done
	run shim "$rule; on_error = continue" "$PROG/reap" 30 "$door" "${way%:*}" "${way#*:}" "$state" ns:pid exit:7
	expect_eq "$way, on_error = continue: status" 7 "$RC"
	expect_eq "$way, on_error = continue" "$(ns_of pid)" "$OUT"
	expect_line "$way, on_error = continue" '^nsshim: \[rule\] pid: .*EACCES'
done
# A rule without a pid namespace has no need of it.
run shim 'match = state; uts = new; uid_map = self; gid_map = self' "$door" posix_spawn direct "$state" ns:uts exit:7
expect_eq 'another kind: status' 7 "$RC"
expect_not 'another kind' "$(ns_of uts)" "$OUT"

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# Before Linux 5.3 there is no pidfd_open, by which the first process of the namespace waits for the
# program, and before 5.9 no close_range; nor are they under a filter that does not know them.
rule='match = state; match = inner-sh; pid = new; mnt = new; uid_map = self; gid_map = self'
ln -s "$(readlink -f "$(type -P bash)")" inner-sh
for old in pidfd_open close_range pidfd_open,close_range,clone3; do
	for way in posix_spawn:direct execve:fork execve:vfork execve:direct raw:fork; do
		what="without $old, $way"
		set -- "$PROG/reap" 30 "$PROG/seccomp" "${old//,/:ENOSYS,}:ENOSYS" "$door" "${way%:*}" "${way#*:}"
		run shim "$rule" "$@" "$state" ns:pid exit:7
		expect_eq "$what: status (99: processes are left)" 7 "$RC"
		expect_not "$what" "$(ns_of pid)" "$OUT"
		expect_silent "$what"
		# It takes its time, and leaves others, which end with it: so does the pipe that they have.
		run shim "$rule" "$@" "$T/inner-sh" -c 'sleep 100 & setsid sleep 100 & sleep 0.3; echo done; exit 6'
		expect_eq "$what, with others: status (99: processes are left)" 6 "$RC"
		expect_eq "$what, with others" 'done' "$OUT"
	done
done

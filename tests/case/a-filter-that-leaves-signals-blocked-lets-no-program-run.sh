#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# They are blocked while a process enters, and must not stay so.
for more in '' '; user = new; net = new' '; user = new; pid = new; mnt = new'; do
	for way in execve:fork execve:vfork posix_spawn:direct; do
		run shim "match = grep; seccomp = deny rt_sigprocmask$more" "$PROG/door" "${way%:*}" "${way#*:}" \
			"$(command -v grep)" SigBlk /proc/self/status
		# Where they are put back before the filter is set, nothing is missing.
		case $OUT in
		*SigBlk*) expect_eq "$way$more" $'SigBlk:\t0000000000000000' "$OUT" ;;
		*) expect_like "$way$more" '\[rule\] .*\(EPERM\)' "$ERR" ;;
		esac
		run shim "match = grep; seccomp = deny acct$more" "$PROG/door" "${way%:*}" "${way#*:}" \
			"$(command -v grep)" SigBlk /proc/self/status
		expect_eq "$way$more: none stays blocked" $'SigBlk:\t0000000000000000' "$OUT"
	done
done

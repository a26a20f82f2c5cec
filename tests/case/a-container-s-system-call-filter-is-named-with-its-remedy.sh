#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

hold --user --map-root-user --net
for rule in 'net = new' 'user = new' "user = pid:$HELD; net = pid:$HELD"; do
	for way in $WAYS; do
		run shim "match = state; $rule" "$PROG/seccomp" docker "$door" "${way%:*}" "${way#*:}" "$state" ns:net
		expect_line "$rule, $way" '^nsshim: \[rule\] .*Operation not permitted \(EPERM\): .*(seccomp|filter)'
		case $way in
		raw:*) expect_eq "$rule, $way" ' 126' "$OUT $RC" ;;
		*) expect_eq "$rule, $way" "${way%:*}: EPERM outside" "$OUT" ;;
		esac
	done
done
# A filter which does not know the newest system calls is no obstacle.
for way in $WAYS; do
	run shim 'match = state; net = new' "$PROG/seccomp" execveat:ENOSYS "$door" "${way%:*}" "${way#*:}" "$state" ns:net
	case $way in execveat*) continue ;; esac
	expect_not "no execveat, $way" "$(ns_of net)" "$OUT"
	expect_silent "no execveat, $way"
	run shim 'match = state; net = new' "$PROG/seccomp" execveat:ENOSYS "$door" "${way%:*}" "${way#*:}" "$T/missing"
	case $way in
	raw:*) ;;
	*) expect_eq "no execveat, $way, a missing file" "${way%:*}: ENOENT outside" "$OUT" ;;
	esac
	expect_silent "no execveat, $way, a missing file"
done

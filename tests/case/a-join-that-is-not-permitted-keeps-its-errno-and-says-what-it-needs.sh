#!/bin/bash
# runs: user
. "$(dirname "$0")/../case.sh"

# The init's network belongs to the initial user namespace: no fallback makes that joinable.
hold --user --map-root-user --net
for how in userns none; do
	for way in $WAYS; do
		run shim "match = state; fallback = $how; net = pid:$HELD" "$door" "${way%:*}" "${way#*:}" "$state"
		# The process is ours, but its network belongs to its user namespace, which is not joined.
		expect_line "$how, $way" '^nsshim: \[rule\] .*Operation not permitted \(EPERM\): .*CAP_SYS_ADMIN'
		case $way in
		raw:*) expect_eq "$how, $way" 126 "$RC" ;;
		*) expect_eq "$how, $way" "${way%:*}: EPERM outside" "$OUT" ;;
		esac
	done
done

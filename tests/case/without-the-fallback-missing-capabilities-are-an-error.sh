#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

rule='match = state; fallback = none; net = new'
for way in $WAYS; do
	run shim "$rule" "$door" "${way%:*}" "${way#*:}" "$state" ns:user ns:net
	if [ -n "$ROOT" ]; then
		expect_eq "$way: user" "$(ns_of user)" "$(sed -n 1p <<<"$OUT")"
		expect_not "$way: net" "$(ns_of net)" "$(sed -n 2p <<<"$OUT")"
		expect_silent "$way"
		continue
	fi
	expect_line "$way" '^nsshim: \[rule\] net: unshare.*: Operation not permitted \(EPERM\): .*CAP_SYS_ADMIN'
	case $way in
	raw:*)
		expect_eq "$way: it did not run" '' "$OUT"
		expect_eq "$way: exit status" 126 "$RC"
		;;
	*) expect_eq "$way" "${way%:*}: EPERM outside" "$OUT" ;;
	esac
done

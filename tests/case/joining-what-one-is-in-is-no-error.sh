#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

for kind in $KINDS; do
	for value in "pid:$$" "/proc/$$/ns/$kind" "/proc/self/ns/$kind"; do
		for way in $WAYS; do
			run shim "match = state; $kind = $value" "$door" "${way%:*}" "${way#*:}" "$state" "ns:$kind" ids
			expect_eq "$kind = $value, $way" "$(ns_of "$kind")
uid $(id -u) $(id -u) $(id -u)
gid $(id -g) $(id -g) $(id -g)" "$OUT"
			expect_silent "$kind = $value, $way"
		done
	done
done

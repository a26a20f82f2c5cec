#!/bin/bash
# runs: root
. "$(dirname "$0")/../case.sh"

uid=$(id -u "$ACCOUNT")
hold_by setpriv --reuid="$uid" --regid="$uid" --clear-groups unshare --user --map-root-user --net -- sleep 1000
for way in $WAYS; do
	run shim "match = state; user = pid:$HELD; net = pid:$HELD" "$door" "${way%:*}" "${way#*:}" "$state" ns:net
	# door says what of itself is not as it was.
	expect_eq "$way" "$(ns_of net "$HELD")" "$OUT"
	expect_silent "$way"
done

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

for way in $WAYS; do
	run shim "match = state; net = $T/missing" bash -c 'exec 2>&-; "$@"' - "$door" "${way%:*}" "${way#*:}" "$state" fds
	case $way in
	raw:*) expect_eq "$way" ' 126' "$OUT $RC" ;;
	*) expect_eq "$way" "${way%:*}: ENOENT outside" "$OUT" ;;
	esac
	run shim 'match = state; net = new' bash -c 'exec 2>&-; "$@"' - "$door" "${way%:*}" "${way#*:}" "$state" ns:net fds
	expect_not "$way: inside" "$(ns_of net)" "$(sed -n 1p <<<"$OUT")"
	expect_unlike "$way: descriptor 2 is still closed" 'fd 2 ' "$OUT"
done
# Nor with all three of them closed.
run shim 'match = state; net = new' bash -c 'exec 0<&- 2>&-; "$@" >out; echo $? >>out' - "$door" posix_spawn direct "$state" fds
expect_unlike 'none of them' 'fd 0 |fd 2 ' "$(cat out)"

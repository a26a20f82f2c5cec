#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

looks=()
for kind in $KINDS; do
	looks+=("ns:$kind")
done
all=''
for kind in $KINDS; do
	all="$all; $kind = new"
done

for way in $WAYS; do
	run shim "match = state$all" "$door" "${way%:*}" "${way#*:}" "$state" "${looks[@]}" ids lo
	expect_eq "$way, all new: how many lines" 10 "$(wc -l <<<"$OUT")"
	for kind in $KINDS; do
		line=$(grep "^$kind:" <<<"$OUT")
		expect_not "$way, all new: $kind" "$(ns_of "$kind")" "$line"
	done
	expect_like "$way, all new: root inside, lo up" $'uid 0 0 0\ngid 0 0 0\nlo up' "$OUT"
	expect_silent "$way, all new"
done

hold --user --map-root-user --mount --net --ipc --uts --cgroup --time
held=
joins=
for kind in $KINDS; do
	held="$held$(ns_of "$kind" "$HELD")"$'\n'
	joins="$joins; $kind = pid:$HELD"
done
for way in $WAYS; do
	run shim "match = state$joins" "$door" "${way%:*}" "${way#*:}" "$state" "${looks[@]}"
	expect_eq "$way, all joined" "$held" "$OUT"$'\n'
	expect_silent "$way, all joined"
done

# One is joined, another created beside it: by the user namespace that was joined.
for way in $WAYS; do
	run shim "match = state; user = pid:$HELD; net = pid:$HELD; ipc = new" \
		"$door" "${way%:*}" "${way#*:}" "$state" ns:user ns:net ns:ipc ns:uts
	expect_eq "$way, mixed: user" "$(ns_of user "$HELD")" "$(sed -n 1p <<<"$OUT")"
	expect_eq "$way, mixed: net" "$(ns_of net "$HELD")" "$(sed -n 2p <<<"$OUT")"
	expect_not "$way, mixed: ipc is neither the host's" "$(ns_of ipc)" "$(sed -n 3p <<<"$OUT")"
	expect_not "$way, mixed: nor the other's" "$(ns_of ipc "$HELD")" "$(sed -n 3p <<<"$OUT")"
	expect_eq "$way, mixed: uts" "$(ns_of uts)" "$(sed -n 4p <<<"$OUT")"
	expect_silent "$way, mixed"
done

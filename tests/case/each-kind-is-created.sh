#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

looks=()
for kind in $KINDS; do
	looks+=("ns:$kind")
done

# All kinds but those listed stay as they are.
created() { # KIND ENTRY MODE
	run shim "match = state; $1 = new" "$door" "$2" "$3" "$state" "${looks[@]}"
	local got=$OUT line changed=
	while read -r line; do
		[ "$line" = "$(ns_of "${line%%:*}")" ] || changed="$changed ${line%%:*}"
	done <<<"$got"
	local wanted=" $1"
	# Without capabilities, a user namespace of its own comes first.
	[ -n "$ROOT" ] || [ "$1" = user ] || wanted=" user $1"
	expect_eq "$1, $2, $3: what is new" "$wanted" "$changed"
	expect_eq "$1, $2, $3: exit status" 0 "$RC"
	expect_silent "$1, $2, $3"
}

for kind in $KINDS; do
	for way in $WAYS; do
		created "$kind" "${way%:*}" "${way#*:}"
	done
done

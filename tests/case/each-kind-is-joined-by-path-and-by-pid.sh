#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

looks=()
for kind in $KINDS; do
	looks+=("ns:$kind")
done

joined() { # KIND RULE ENTRY MODE
	run shim "match = state; $2" "$door" "$3" "$4" "$state" "${looks[@]}"
	local line wanted=
	for line in $KINDS; do
		if [ "$line" = "$1" ] || { [ -z "$ROOT" ] && [ "$line" = user ]; }; then
			wanted="$wanted$(ns_of "$line" "$HELD")"$'\n'
		else
			wanted="$wanted$(ns_of "$line")"$'\n'
		fi
	done
	expect_eq "$2, $3, $4" "$wanted" "$OUT"$'\n'
	expect_eq "$2, $3, $4: exit status" 0 "$RC"
	expect_silent "$2, $3, $4"
}

for kind in $KINDS; do
	option=--$kind
	case $kind in
	mnt) option=--mount ;;
	user) option=--map-root-user ;;
	esac
	hold "${OWN[@]}" "$option"
	for value in "pid:$HELD" "/proc/$HELD/ns/$kind"; do
		rule="$kind = $value"
		# A user may join only what belongs to a user namespace that is his.
		[ -n "$ROOT" ] || [ "$kind" = user ] || rule="user = ${value/%"/$kind"//user}; $rule"
		for way in $WAYS; do
			joined "$kind" "$rule" "${way%:*}" "${way#*:}"
		done
	done
done

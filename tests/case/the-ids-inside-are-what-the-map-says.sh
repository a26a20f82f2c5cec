#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

uid=$(id -u) gid=$(id -g)

maps() { # RULE UID_MAP GID_MAP UID GID
	for way in $WAYS; do
		run shim "match = state; user = new; $1" "$door" "${way%:*}" "${way#*:}" "$state" map:uid map:gid ids
		expect_eq "$1, $way" "$2
$3
uid $4 $4 $4
gid $5 $5 $5" "$OUT"
		expect_silent "$1, $way"
	done
}

# None given, or root: 0 is me.
maps '' "0 $uid 1" "0 $gid 1" 0 0
maps 'uid_map = root; gid_map = root' "0 $uid 1" "0 $gid 1" 0 0
maps 'uid_map = self; gid_map = self' "$uid $uid 1" "$gid $gid 1" "$uid" "$gid"
maps 'uid_map = self; gid_map = root' "$uid $uid 1" "0 $gid 1" "$uid" 0
# One extent of one's own id: the process itself may write it.
maps "uid_map = 5 $uid 1; gid_map = 7 $gid 1" "5 $uid 1" "7 $gid 1" 5 7
# A map does not create a user namespace by itself, but belongs to the one that the fallback creates.
run inside "net = new; uid_map = self; gid_map = self" "$state" ids ns:user
if [ -n "$ROOT" ]; then
	wanted=$(ns_of user)
	expect_eq 'a map alone' "uid 0 0 0
gid 0 0 0
$wanted" "$OUT"
else
	expect_like 'a map for the fallback' "^uid $uid $uid $uid
gid $gid $gid $gid
user:" "$OUT"
fi
expect_silent 'a map for the fallback'

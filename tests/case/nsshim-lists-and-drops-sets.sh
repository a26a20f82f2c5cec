#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

own_sets
mkfifo end
run "$NSSHIM" list
expect_eq 'without sets: exit status' 0 "$RC"
expect_eq 'without sets: the head alone' 1 "$(wc -l <<<"$OUT")"
shim '[a]
match = */state
net = new
ipc = new
share = one, user
share-keep = 60
[b]
match = sleep
net = new
share = two' sh -c 'echo $$ >pid; sleep 60 & sleep 60 & "$0" ns:net; read -r _ <end' "$state" >out &
for ((i = 0; i < 250; i++)); do
	[ "$(sockets | wc -l)" = 2 ] && [ -s out ] && [ "$(pgrep -P "$(cat pid)" -x sleep | wc -l)" = 2 ] && break
	sleep 0.02
done
tree=$(cat pid)
sleep 0.3 # a holder takes its time to look who has come and gone
run "$NSSHIM" list
user=
[ -n "$ROOT" ] || user=user,
expect_like 'of the user' "one  +${user}net,ipc +0 +[0-9]s user"$'(\n|$)' "$OUT"
expect_like 'of a tree' "two  +${user}net +2 +[0-9]s $tree"$'(\n|$)' "$OUT"
expect_silent 'list'
run "$NSSHIM" list --json
expect_eq 'json: exit status' 0 "$RC"
expect_eq 'json' "one $user 0 None"$'\n'"two $user 2 $tree" "$(python3 -c '
import json, sys
for s in sorted(json.load(sys.stdin), key=lambda s: s["name"]):
    kinds = ",".join(s["kinds"])
    assert kinds.split(",")[-1] == ("ipc" if s["name"] == "one" else "net") and 0 <= s["age"] < 100, s
    print(s["name"], "user," if "user" in s["kinds"] else "", s["members"], s["tree"])' <<<"$OUT")"
run "$NSSHIM" drop nothing
expect_eq 'drop of what is not there: exit status' 1 "$RC"
expect_line 'drop of what is not there' 'there is no set `nothing`'
run "$NSSHIM" drop one
expect_eq 'drop: exit status' 0 "$RC"
expect_eq 'drop says what' "dropped one (${user}net,ipc), which had 0 members" "$OUT"
run "$NSSHIM" drop two
expect_eq 'drop of one with members' "dropped two (${user}net), which had 2 members" "$OUT"
expect_no_sets 'after drop' 1
run "$NSSHIM" list
expect_eq 'list after drop' 1 "$(wc -l <<<"$OUT")"
kill $(pgrep -P "$tree" -x sleep)
echo >end
wait
chmod 755 "$XDG_RUNTIME_DIR/nsshim"
run "$NSSHIM" list
expect_eq 'where it cannot look: exit status' 125 "$RC"
expect_line 'where it cannot look' 'chmod 700'
chmod 700 "$XDG_RUNTIME_DIR/nsshim"

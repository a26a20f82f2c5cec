#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

own_sets
set_of() { # PROGRAM...
	shim 'match = */state; match = sleep; net = new; share = one'"${more-}" "$@"
}
# It is there between two members, as long as the program is.
run set_of sh -c '"$0" ns:net; sleep() { read -t 1 _ <>/dev/zero; }; command -v true >/dev/null; /bin/echo outside >/dev/null; "$0" ns:net; true' "$state"
expect_eq 'between two members it stays' 1 "$(sort -u <<<"$OUT" | wc -l)"
expect_no_sets 'after the program'
# And as long as a member is, after the program.
set_of sh -c 'sleep 1.7 & true'
for ((i = 0; i < 100; i++)); do # it may not have come to its exec
	[ -z "$(holders)" ] || break
	sleep 0.01
done
sleep 0.5
expect_not 'a member that is left keeps it' '' "$(holders)"
expect_no_sets 'after the last member'
# A program that is killed has ended too.
set_of sh -c '"$0" ns:net; kill -9 $$' "$state" >/dev/null 2>&1
expect_no_sets 'after a program that was killed'
set_of sh -c 'sleep 100 & echo $!; true' >member 2>/dev/null
kill -9 "$(cat member)"
expect_no_sets 'after a member that was killed'

# share-keep: for others of the user.
more=', user; share-keep = 2'
run set_of sh -c '"$0" ns:net; true' "$state"
first=$OUT
sleep 0.8
expect_not 'share-keep keeps it' '' "$(holders)"
run set_of sh -c '"$0" ns:net; true' "$state"
expect_eq 'who comes in time is in it' "$first" "$OUT"
sleep 1.5
expect_not 'the time begins with the last end' '' "$(holders)"
expect_no_sets 'after that time'
more=', user'
run set_of sh -c '"$0" ns:net; true' "$state"
expect_no_sets 'without share-keep at once' 1

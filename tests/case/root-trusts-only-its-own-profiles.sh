#!/bin/bash
# runs: root
. "$(dirname "$0")/../case.sh"

mkdir open
rules=$(profile 'net = new')
try() {
	run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$rules" env "$state" args
}
refused() { # WHAT
	try
	expect_eq "$1: exit status" 125 "$RC"
	expect_eq "$1: nothing ran" '' "$OUT"
	expect_line "$1" "^nsshim: .*$rules"
}
try
expect_eq 'root owns it, others may read it' 0 "$RC"
chown 12345 "$rules"
refused 'of another owner'
chown 0 "$rules"
for mode in 664 646 666; do
	chmod $mode "$rules"
	refused "mode $mode"
done
chmod 644 "$rules"
# Where the link lies is not asked, but the file that was opened.
chown 12345 "$rules"
ln -s rules.ini "$T/link.ini"
run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$T/link.ini" env "$state" args
expect_eq 'a link to one of another owner' 125 "$RC"
# An ordinary user chooses whatever is readable.
run setpriv --reuid=12346 --regid=12346 --clear-groups env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$rules" env "$state" args
expect_eq 'a user, and the profile of another' 0 "$RC"
# Inside a user namespace real root shows as the overflow uid.
chown 0 "$rules"
run setpriv --reuid=12346 --regid=12346 --clear-groups unshare --user --map-root-user \
	env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$rules" env "$state" args
expect_eq 'root inside a user namespace, the profile of real root' 0 "$RC"
# ... which is no other rule for who may write it, nor may another that shows as himself own it.
hold unshare --user
env printf '0 12346 1\n5 12347 1\n' >"/proc/$HELD/uid_map"
echo '0 12346 1' >"/proc/$HELD/gid_map"
in_userns() {
	run nsenter --target "$HELD" --user --setuid 0 --setgid 0 env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$rules" "$state" exit:5
}
in_userns
expect_eq 'root inside a user namespace, with another user: exit status' 5 "$RC"
for how in 'chmod 666' 'chmod 664' 'chown 12347'; do
	chown 0 "$rules" && chmod 644 "$rules" && $how "$rules"
	in_userns
	expect_eq "root inside a user namespace, $how: exit status" 125 "$RC"
	expect_line "root inside a user namespace, $how" "^nsshim: trust $rules: "
done

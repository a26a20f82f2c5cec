#!/bin/bash
# runs: root
. "$(dirname "$0")/../case.sh"

# A daemon that is root at its start, and another user when it executes.
uid=$(id -u "$ACCOUNT") gid=$(id -g "$ACCOUNT")
rules=$(profile 'match = state; net = new')
run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$rules" perl -e '
	use POSIX; my ($uid, $gid, @command) = @ARGV;
	$) = "$gid $gid"; POSIX::setgid($gid); POSIX::setuid($uid); exec @command' \
	"$uid" "$gid" "$state" ns:net map:uid ids
expect_not "perl: inside" "$(ns_of net)" "$(sed -n 1p <<<"$OUT")"
expect_eq "perl: by a user namespace of that user's" "0 $uid 1
uid 0 0 0
gid 0 0 0" "$(sed 1d <<<"$OUT")"
expect_silent perl
# setpriv(1) keeps its capabilities until the exec: no user namespace is needed.
run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$rules" setpriv --reuid="$uid" --regid="$gid" --clear-groups \
	"$state" ns:net ns:user ids
expect_not 'setpriv: inside' "$(ns_of net)" "$(sed -n 1p <<<"$OUT")"
expect_eq 'setpriv: not by a user namespace' "$(ns_of user)
uid $uid $uid $uid
gid $gid $gid $gid" "$(sed 1d <<<"$OUT")"
# Between fork and exec, in programs of other kinds.
cat >drop.py <<'END'
import os, subprocess, sys
uid, gid, state = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
subprocess.run([state, "ns:net", "map:uid"], user=uid, group=gid, extra_groups=[])
def drop():
    os.setgroups([]); os.setgid(gid); os.setuid(uid)
subprocess.run([state, "ns:net", "map:uid"], preexec_fn=drop)
END
run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$rules" python3 drop.py "$uid" "$gid" "$state"
expect_eq 'python: both by a user namespace' 2 "$(grep -cx "0 $uid 1" <<<"$OUT")"
expect_eq 'python: both inside' 0 "$(grep -cxF "$(ns_of net)" <<<"$OUT")"
expect_silent 'python'
# Capabilities alone, without uid 0, are enough to go without one.
run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$rules" setpriv --reuid="$uid" --regid="$gid" --clear-groups \
	--inh-caps=+sys_admin,+net_admin --ambient-caps=+sys_admin,+net_admin "$state" ns:net ns:user ids
expect_not 'capabilities: inside' "$(ns_of net)" "$(sed -n 1p <<<"$OUT")"
expect_eq 'capabilities: no user namespace' "$(ns_of user)
uid $uid $uid $uid
gid $gid $gid $gid" "$(sed 1d <<<"$OUT")"

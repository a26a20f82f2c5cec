#!/bin/bash
# runs: root
. "$(dirname "$0")/../case.sh"

# As the ordinary user, on a machine that has no newuidmap, or one that is not set-id.
user=$ACCOUNT
uid=$(id -u "$user")
rules=$(profile 'match = state; user = new; uid_map = auto; gid_map = auto')
on_a_machine() { # HOW
	unshare --mount bash -c '
		mkdir "$1/bin" && mount -t tmpfs none "$1/bin" && cp -a /usr/bin/. "$1/bin/" || exit 1
		case $2 in
		missing) rm "$1/bin/newuidmap" "$1/bin/newgidmap" ;;
		plain) chmod 755 "$1/bin/newuidmap" "$1/bin/newgidmap" ;;
		esac
		mount --bind "$1/bin" /usr/bin || exit 1
		exec setpriv --reuid="$3" --regid="$3" --init-groups env LD_PRELOAD="$4" NSSHIM_PROFILE="$5" \
			"$6" posix_spawn direct "$7" args' - "$T" "$1" "$user" "$LIB" "$rules" "$door" "$state"
}
run on_a_machine missing
expect_eq 'not installed' 'posix_spawn: ENOENT outside' "$OUT"
expect_line 'not installed' '^nsshim: \[rule\] .*newuidmap.*uidmap'
rmdir "$T/bin"
run on_a_machine plain
expect_like 'not set-id' '^posix_spawn: E[A-Z]+ outside$' "$OUT"
expect_line 'not set-id' '^nsshim: \[rule\] .*newuidmap.*set-?(user-)?id'
# No range at all.
rmdir "$T/bin"
printf 'someone:500000:65536\n' >"$T/none"
run unshare --mount sh -c 'mount --bind "$0" /etc/subuid && exec "$@"' "$T/none" setpriv --reuid="$uid" --regid="$uid" \
	--init-groups env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$rules" "$door" execve fork "$state" args
expect_like 'no range' '^execve: E[A-Z]+ outside$' "$OUT"
expect_line 'no range' "^nsshim: \[rule\] .*/etc/subuid.*$user:[0-9]+:[0-9]+"

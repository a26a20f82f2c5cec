#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

if [ -n "$ROOT" ]; then
	# A private copy of both files, with ranges for root. Direct writes, no newuidmap.
	printf 'someone:500000:65536\nroot:200000:1000\n0:300000:500\n' >"$T/subuid"
	printf 'root:210000:2000\n' >"$T/subgid"
	run unshare --mount sh -c 'mount --bind "$0/subuid" /etc/subuid && mount --bind "$0/subgid" /etc/subgid && exec "$@"' \
		"$T" env LD_PRELOAD="$LIB" NSSHIM_PROFILE='user = new; uid_map = auto; gid_map = auto' \
		env "$state" map:uid map:gid ids setgroups
	expect_eq 'root' '0 0 1; 1 200000 1000; 1001 300000 500
0 0 1; 1 210000 2000
uid 0 0 0
gid 0 0 0
allow' "$OUT"
	expect_silent 'root'
	# No entry is an error that names the file and the line to add.
	printf 'someone:500000:65536\n' >"$T/subuid"
	for way in execve:direct execve:vfork posix_spawn:direct; do
		run unshare --mount sh -c 'mount --bind "$0/subuid" /etc/subuid && exec "$@"' \
			"$T" env LD_PRELOAD="$LIB" NSSHIM_PROFILE='match = state; user = new; uid_map = auto; gid_map = root' \
			"$door" "${way%:*}" "${way#*:}" "$state" args
		expect_line "no entry, $way" '^nsshim: \[inline\] .*/etc/subuid.*root:[0-9]+:[0-9]+'
		expect_like "no entry, $way" "^${way%:*}: E[A-Z]+ outside\$" "$OUT"
	done
	exit "$FAILED"
fi
range() { # FILE: this user's, as it stands there
	awk -F: -v name="$(id -un)" -v id="$(id -u)" '$1 == name || $1 == id {
		printf "; %s %s %s", at + 1, $2, $3; at += $3 }' "$1"
}
uids=$(range /etc/subuid) gids=$(range /etc/subgid)
if [ -z "$uids" ] || [ -z "$gids" ]; then
	for way in execve:direct posix_spawn:direct; do
		run shim 'match = state; user = new; uid_map = auto; gid_map = auto' \
			"$door" "${way%:*}" "${way#*:}" "$state" args
		expect_line "no entry, $way" '^nsshim: \[rule\] .*/etc/sub[ug]id.*:[0-9]+:[0-9]+'
	done
	skip_part "$(id -un) has no ranges in /etc/subuid and /etc/subgid"
	exit "$FAILED"
fi
for way in $WAYS; do
	run shim 'match = state; user = new; net = new; uid_map = auto; gid_map = auto' \
		"$door" "${way%:*}" "${way#*:}" "$state" map:uid map:gid ids setgroups lo
	expect_eq "$way" "0 $(id -u) 1$uids
0 $(id -g) 1$gids
uid 0 0 0
gid 0 0 0
allow
lo up" "$OUT"
	expect_silent "$way"
done

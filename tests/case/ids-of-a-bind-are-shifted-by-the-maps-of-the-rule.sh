#!/bin/bash
# runs: root
. "$(dirname "$0")/../case.sh"

mkdir src other
touch src/zero src/five
chown 5:6 src/five
maps='user = new
uid_map = 0 100000 65536
gid_map = 0 100000 65536'
for more in '' 'pid = new' 'share = one' 'root = /' 'net = new; ipc = new; pool = 1'; do
	[ -z "$more" ] || own_sets 2>/dev/null
	run inside "${more:+${more//; /$'\n'}$'\n'}$maps
bind = $T/nowhere $T/other idmap,optional
bind = $T/src /mnt idmap
bind = $T/src $T/other idmap,ro,rec" sh -c 'cd /mnt; stat -c "%n %u %g" *; touch new; chown 7:8 new; stat -c %u "$0/src/zero"; stat -c %g "$0/other/five"; touch "$0/other/x"' "$T"
	expect_eq "$more: inside" $'five 5 6\nzero 0 0\n65534\n6' "$OUT"
	expect_eq "$more: what was made, outside" '7 8' "$(stat -c '%u %g' src/new)"
	expect_line "$more: read-only" "^touch: .*Read-only"
	rm -f src/new
done
# A holder learns of an end by itself. Whose ids are shifted may not take its name away: that is for the next.
for ((i = 0; i < 500; i++)); do
	[ -n "$(holders)" ] || break
	sleep 0.02
done
# Only who may write these maps, and has power over the file system.
run inside "user = new; bind = /proc /mnt idmap,rec" true
expect_like 'a file system that does not' 'EINVAL.*does not show ids shifted|user: write .*CAP_SETUID' "$ERR"

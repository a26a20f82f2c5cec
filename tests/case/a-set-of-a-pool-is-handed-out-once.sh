#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

own_sets
# A set that was used says so by its hostname.
cat >once <<'END'
#!/bin/sh
[ "$(hostname)" != used ] && hostname used && exec readlink /proc/self/ns/net
echo twice
END
chmod 755 once
rule='match = */once
user = new
net = new
uts = new
uid_map = root
gid_map = root
pool = 8'
many() { # NUMBER
	run shim "[rule]"$'\n'"$rule" sh -c "seq $1 | xargs -P 4 -I N ./once"
	expect_silent "$1 programs"
	expect_eq "$1 programs: all were started" "$1" "$(grep -c '^net:' <<<"$OUT")"
	expect_eq "$1 programs: none in a set that was used" 0 "$(grep -c twice <<<"$OUT")"
	expect_eq "$1 programs: none outside" 0 "$(grep -cxF "$(ns_of net)" <<<"$OUT")"
	expect_no_sets "after $1 programs"
}
many 1000
# The same, where the pool is killed again and again.
killer() {
	local i
	while [ ! -e over ]; do
		pgrep -o -f -- "^nsshim --pool .*:$XDG_RUNTIME_DIR " | xargs -r kill -9
		for ((i = RANDOM % 2000; i; i--)); do :; done
	done 2>/dev/null
}
killer &
run shim "[rule]"$'\n'"$rule" sh -c 'seq 300 | xargs -P 4 -I N ./once'
touch over
wait
expect_silent 'killed'
expect_eq 'killed: all were started' 300 "$(grep -c '^net:' <<<"$OUT")"
expect_eq 'killed: none in a set that was used' 0 "$(grep -c twice <<<"$OUT")"
expect_eq 'killed: none outside' 0 "$(grep -cxF "$(ns_of net)" <<<"$OUT")"
many 1

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

run inside 'hostname = web-1; domainname = example.org' sh -c '
	uname -n; cat /proc/sys/kernel/domainname; readlink /proc/self/ns/uts'
expect_eq 'names' $'web-1\nexample.org' "$(sed -n 1,2p <<<"$OUT")"
expect_not 'the uts namespace' "$(ns_of uts)" "$(sed -n 3p <<<"$OUT")"
expect_silent 'names'
expect_not 'the name outside' web-1 "$(uname -n)"

run inside 'sysctl = net.ipv4.ip_unprivileged_port_start 7; sysctl = kernel.shmmni 77; sysctl = fs.mqueue.queues_max 5' sh -c '
	cd /proc/sys; cat net/ipv4/ip_unprivileged_port_start kernel/shmmni fs/mqueue/queues_max'
expect_eq 'sysctls' $'7\n77\n5' "$OUT"
expect_silent 'sysctls'

up=$(cut -d. -f1 /proc/uptime)
run inside 'boottime = 100000; monotonic = 5000' sh -c 'cut -d. -f1 /proc/uptime'
expect_eq 'boottime' 1 "$((OUT - up >= 100000 && OUT - up < 100060))"
run inside 'boottime = -60; monotonic = 5000' python3 -c '
import time; print(int(time.clock_gettime(time.CLOCK_BOOTTIME)), int(time.clock_gettime(time.CLOCK_MONOTONIC)))'
read -r boot mono <<<"$OUT"
expect_eq 'a boottime of before' 1 "$((boot - up >= -60 && boot - up < 0))"
expect_eq 'monotonic' 1 "$((mono - up >= 5000 - 60 && mono - up < 5060))"

# What the kernel does not take fails the entry, with the file and what to do.
run inside 'sysctl = net.ipv4.ip_forwrad 1' true
expect_like 'no such sysctl' '\[rule\] net: write /proc/sys/net/ipv4/ip_forwrad: .*ENOENT.*no such sysctl' "$ERR"
run inside 'monotonic = -1000000000' true
expect_like 'a clock before 0' '\[rule\] time: write /proc/self/timens_offsets: .*ERANGE.*before 0' "$ERR"

# How many namespaces may be created inside.
run inside 'sysctl = user.max_user_namespaces 0' sh -c 'unshare --user true; cat /proc/sys/user/max_user_namespaces'
expect_eq 'no user namespace' 0 "$OUT"
expect_like 'no user namespace' 'No space left on device' "$ERR"
[ "$(cat /proc/sys/user/max_user_namespaces)" != 0 ] || fail 'and none outside'

# A namespace that others are in is not changed.
for rule in 'uts = host; hostname = x' "uts = /proc/self/ns/uts; hostname = x" \
	'net = host; sysctl = net.ipv4.ip_forward 1'; do
	run inside "$rule" true
	expect_like "$rule" "^nsshim: [^ ]*:3: (hostname|sysctl): it would change for all in the" "$ERR"
	expect_eq "$rule" 125 "$RC"
done
run inside 'sysctl = kernel.pid_max 5' true
expect_like 'not of a namespace' 'sysctl: not one that a namespace has for itself: `kernel.pid_max`: net' "$ERR"

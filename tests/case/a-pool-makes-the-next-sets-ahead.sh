#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

own_sets
mkfifo ask told
ready() { # the networks that are ready
	local pid
	for pid in $(holders); do
		readlink "/proc/$pid/ns/net"
	done | grep -vxF "$(ns_of net)"
}
shim 'match = */state; net = new; ipc = new; cgroup = new; mnt = new; pool = 3' \
	sh -c 'while read -r line <ask; do [ "$line" != end ] || break; "$0" $line >told; done' "$state" 2>err &
ask() {
	echo "$*" >ask
	OUT=$(cat told)
}
sleep 0.3
expect_eq 'before a program that the rule fits there is none' '' "$(holders)"
ask ns:net
expect_not 'the first makes its own' "$(ns_of net)" "$OUT"
wait_ready() {
	local i
	for ((i = 0; i < 250; i++)); do
		[ "$(ready | wc -l)" != 3 ] || return
		sleep 0.02
	done
	fail "$1: ready are $(ready | xargs)"
}
wait_ready 'after the first'
for i in 1 2 3 4 5 6 7; do
	was=$(ready)
	ask ns:net lo fds cwd ns:mnt ns:cgroup
	net=$(sed -n 1p <<<"$OUT")
	expect_eq "$i is in one that was ready" 1 "$(grep -cxF "$net" <<<"$was")"
	expect_like "$i: loopback and directory" "lo up" "$OUT"
	expect_like "$i: directory" "cwd $PWD" "$OUT"
	expect_unlike "$i: descriptors" 'pidfd|nsshim' "$OUT"
	for kind in mnt cgroup; do
		expect_not "$i: $kind is its own" "$(ns_of $kind)" "$(grep "^$kind:" <<<"$OUT")"
	done
	wait_ready "after $i"
	expect_eq "$i: it is not ready once more" 0 "$(ready | grep -cxF "$net")"
done
# Where the pool has gone and cannot be made, programs have sets all the same.
chmod 755 "$XDG_RUNTIME_DIR/nsshim"
ask ns:net
expect_not 'where the directory is no good' "$(ns_of net)" "$OUT"
chmod 700 "$XDG_RUNTIME_DIR/nsshim"
echo end >ask
wait
expect_eq 'standard error' '' "$(cat err)"
expect_no_sets 'after the tree'

# The mounts are those of now.
if [ -n "$ROOT" ]; then
	mkdir there
	mount --bind there there && mount --make-shared there
	run shim 'match = */state; net = new; mnt = new; pool = 2' sh -c '"$0" ns:net >/dev/null; sleep 0.2
		mount -t tmpfs none there; touch there/file; "$0" open:there/file' "$state"
	expect_unlike 'a mount that came after the pool' ENOENT "$OUT"
	umount there there
fi
for way in $WAYS; do
	run shim 'match = */state; user = new; net = new; uts = new; pool = 2' \
		sh -c '"$@" >/dev/null; sleep 0.1; exec "$@"' - "$door" "${way%%:*}" "${way#*:}" "$state" ns:user ns:net ns:uts ids map:uid dumpable fds
	expect_eq "$way: exit status" 0 "$RC"
	expect_silent "$way"
	for kind in user net uts; do
		expect_not "$way: $kind" "$(ns_of $kind)" "$(grep "^$kind:" <<<"$OUT")"
	done
	expect_like "$way" $'uid 0 0 0\ngid 0 0 0\n'"0 $(id -u) 1"$'\ndumpable 1' "$OUT"
	expect_unlike "$way: descriptors" 'pidfd|nsshim' "$OUT"
done
expect_no_sets 'after them all'
# A program that is no program: the caller has its errno, as without a pool.
printf 'no program\n' >bad
chmod 755 bad
run shim 'match = */bad; user = new; net = new; pool = 2' "$door" execve fork "$PWD/bad"
expect_like 'no program' '^execve: ENOEXEC' "$OUT"
expect_no_sets 'after no program'
while IFS='|' read -r text why; do
	run env NSSHIM_PROFILE="$text" LD_PRELOAD="$LIB" true
	expect_eq "$text: exit status" 125 "$RC"
	expect_like "$text" "pool: $why" "$ERR"
done <<'END'
net = new; ipc = /proc/1/ns/ipc; pool = 2|what is made ahead could not be inside what is joined
mnt = new; pool = 2|nothing can be made ahead
END

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

own_sets
rule='match = */state
net = new
ipc = new
uid_map = self
gid_map = self
share = one'
mkfifo end
shim "[rule]"$'\n'"$rule" sh -c '"$0" ns:user ns:net ns:ipc; "$0" ns:user ns:net ns:ipc; echo >there; read -r _ <end' "$state" >two &
for ((i = 0; i < 250; i++)); do
	[ ! -e there ] || break
	sleep 0.02
done
first=$(head -3 two)
expect_eq 'two programs: the namespaces of the second' "$first" "$(tail -n +4 two)"
expect_not 'the network is not that outside' "$(ns_of net)" "$(grep ^net: <<<"$first")"
run shim "[rule]"$'\n'"$rule" sh -c '"$0" ns:user ns:net ns:ipc; true' "$state"
expect_silent 'another tree'
expect_not 'another tree has a set of its own' "$first" "$OUT"
echo >end
wait
expect_no_sets 'after the trees'

# Two trees at once, of which one ends before the other.
run shim "[rule]"$'\n'"$rule, user"$'\n'"share-keep = 1" sh -c '"$0" ns:net; true' "$state"
first=$OUT
run shim "[rule]"$'\n'"$rule, user"$'\n'"share-keep = 1" sh -c '"$0" ns:net; true' "$state"
expect_eq 'all trees of the user' "$first" "$OUT"
expect_no_sets 'after all of the user'

# All the ways in.
for way in $WAYS; do
	run shim "match = */state; net = new; uts = new; share = one" \
		"$door" "${way%%:*}" "${way#*:}" "$state" ns:net ns:uts fds
	expect_eq "$way: exit status" 0 "$RC"
	expect_silent "$way"
	expect_not "$way: net" "$(ns_of net)" "$(sed -n 1p <<<"$OUT")"
	expect_not "$way: uts" "$(ns_of uts)" "$(sed -n 2p <<<"$OUT")"
	expect_unlike "$way: descriptors" 'socket|pidfd|nsshim' "$OUT"
done
# Root's maps, ranges, and those of one who has capabilities inside.
for maps in 'uid_map = root' 'uid_map = self' 'uid_map = root; mnt = new; cgroup = new' 'time = new'; do
	run shim "match = */state; user = new; net = new; gid_map = root; share = one; $maps" \
		sh -c '"$0" ns:user ns:net ns:mnt ns:time ids cwd dumpable lo; "$0" ns:user ns:net ns:mnt ns:time ids cwd dumpable lo; true' "$state"
	expect_eq "$maps: the second is as the first" "$(head -9 <<<"$OUT")" "$(tail -n +10 <<<"$OUT")"
	expect_not "$maps: user" "$(ns_of user)" "$(head -1 <<<"$OUT")"
	expect_like "$maps: directory, dumpable, loopback" "cwd $PWD"$'\ndumpable 1\nlo up' "$OUT"
	expect_silent "$maps"
done
expect_no_sets 'after them all'
# Every descriptor in use.
for way in execve:fork execve:vfork posix_spawn:direct; do
	run shim "match = */state; net = new; uts = new; share = one" "$door" -f ${way%%:*} "${way#*:}" "$state" ns:net
	expect_silent "$way, every descriptor in use"
	expect_not "$way, every descriptor in use" "$(ns_of net)" "$OUT"
done
# A holder that stands still keeps nobody waiting.
run shim "match = */state; net = new; share = one" sh -c '"$0" ns:net; kill -STOP $(pgrep -f "^nsshim --hold .*:$XDG_RUNTIME_DIR "); "$0" ns:net; "$0" ns:net; kill -CONT $(pgrep -f "^nsshim --hold .*:$XDG_RUNTIME_DIR "); true' "$state"
expect_silent 'a holder that stands still'
expect_eq 'a holder that stands still: how many networks' 1 "$(sort -u <<<"$OUT" | wc -l)"
expect_eq 'a holder that stands still: how many programs' 3 "$(wc -l <<<"$OUT")"
expect_no_sets 'at the end'

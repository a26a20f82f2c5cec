#!/bin/bash
# runs: root
. "$(dirname "$0")/../case.sh"

# As `ip netns exec` is the measure: what it shows, a rule shows.
name=nsshim-test-$$
made=
ip netns add "$name" || exit 1
ip -n "$name" link set lo name inner0 && ip -n "$name" link set inner0 up
trap 'ip netns delete "$name"; rm -rf "/etc/netns/$name" $made; leave' EXIT
cat >look.sh <<'END'
cat /etc/hosts 2>/dev/null | head -1
ls /etc/nsshim-test.d /sys/class/net
END
rule="match = dash; net = netns:$name"

# Without files it is the network alone, and no mount namespace is created for it.
run shim "match = state; net = netns:$name" "$PROG/door" execve fork "$state" ns:net ns:mnt
expect_eq 'no files' "$(ip netns exec "$name" readlink /proc/self/ns/net)"$'\n'"$(ns_of mnt)" "$OUT"

[ -e /etc/netns ] || made=/etc/netns
mkdir -p "/etc/netns/$name/nsshim-test.d" /etc/nsshim-test.d
made="$made /etc/nsshim-test.d"
echo "192.0.2.7 inside" >"/etc/netns/$name/hosts"
: >"/etc/netns/$name/nsshim-test.d/inside"
wanted=$(ip netns exec "$name" sh look.sh)
expect_like 'ip itself' 'inside.*inside.*inner0' "$(tr '\n' ' ' <<<"$wanted")"
for way in execve:fork execve:vfork posix_spawn:direct; do
	run shim "$rule" "$PROG/door" "${way%:*}" "${way#*:}" /bin/dash look.sh
	expect_eq "$way" "$wanted" "$OUT"
	expect_silent "$way"
done
run shim "$rule; when = load" dash look.sh
expect_eq 'the load door' "$wanted" "$OUT"
run shim "match = dash; join = netns:$name" sh -c 'dash look.sh; true'
expect_eq 'join' "$wanted" "$OUT"
expect_unlike 'outside' inside "$(cat /etc/hosts; ls /etc/nsshim-test.d)"
run shim "$rule; mnt = host" sh -c 'dash look.sh; true'
expect_unlike 'the mounts of the host' inside "$OUT"
expect_unlike 'the mounts of the host: /sys' inner0 "$OUT"

# What has nothing to cover is told, and so is one that not only root could have put there.
: >"/etc/netns/$name/nsshim-not-there"
run shim "$rule" env dash look.sh
expect_like 'nothing to cover' 'mnt: mount /etc/nsshim-not-there: .*\(ENOENT\): the network has a file' "$ERR"
expect_unlike 'nothing to cover' inner0 "$OUT"
rm "/etc/netns/$name/nsshim-not-there"
chmod o+w "/etc/netns/$name"
run shim "$rule" env dash look.sh
expect_like 'not trusted' "/etc/netns/$name: .*others may write it" "$ERR"
chmod o-w "/etc/netns/$name"

# An ordinary user's own network, which has a name: he joins it with what he has over it.
nobody=(setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups)
"${nobody[@]}" unshare -Urn sh -c 'ip link set lo name inner1; exec sleep 1000' &
owner=$!
await sleep $owner
: >"/run/netns/$name-own"
mount --bind "/proc/$owner/ns/net" "/run/netns/$name-own"
trap 'umount "/run/netns/$name-own"; rm -f "/run/netns/$name-own"; kill $owner; ip netns delete "$name"; rm -rf "/etc/netns/$name" "/etc/netns/$name-own" $made; leave' EXIT
rule="match = state; net = netns:$name-own"
for way in execve:fork execve:vfork posix_spawn:direct; do
	run "${nobody[@]}" env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$(profile "$rule")" "$PROG/door" "${way%:*}" "${way#*:}" "$state" ns:net ns:user ids
	expect_eq "its owner: $way" "$(ns_of net $owner)
$(ns_of user $owner)
uid 0 0 0
gid 0 0 0" "$OUT"
	expect_silent "its owner: $way"
done
mkdir "/etc/netns/$name-own"
cp "/etc/netns/$name/hosts" "/etc/netns/$name-own"
run "${nobody[@]}" env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$(profile "match = dash; net = netns:$name-own")" sh -c 'dash look.sh; true'
expect_like 'its owner: files' '^192.0.2.7 inside' "$OUT"
expect_like 'its owner: /sys' inner1 "$OUT"
# Somebody else has nothing over it; with `user = host` nor has he.
run setpriv --reuid=12345 --regid=12345 --clear-groups env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$(profile "$rule")" "$PROG/door" posix_spawn direct "$state" ns:net
expect_eq 'somebody else' 'posix_spawn: EPERM outside' "$OUT"
run "${nobody[@]}" env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$(profile "$rule; user = host")" "$PROG/door" posix_spawn direct "$state" ns:net
expect_eq 'without the user namespace' 'posix_spawn: EPERM outside' "$OUT"
expect_line 'without the user namespace' '\[rule\] net: setns /run/netns/.*\(EPERM\)'
# Root has what it needs, and stays root of the host.
run shim "$rule" "$PROG/door" posix_spawn direct "$state" ns:net ns:user
expect_eq 'root' "$(ns_of net $owner)"$'\n'"$(ns_of user)" "$OUT"

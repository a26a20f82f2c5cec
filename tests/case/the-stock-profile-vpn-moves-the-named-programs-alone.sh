#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

use_stock vpn

# A /run/netns that others do not see; an ordinary user has one below a user namespace.
[ -n "${INSIDE-}" ] || INSIDE=1 exec unshare "${OWN[@]}" --mount --net bash "$0"
mount -t tmpfs none /run && mkdir /run/netns || exit 1
ip netns add vpn || exit 1

cp "$state" curl
cp "$state" firefox-esr
cp "$state" other
wanted=$(ip netns exec vpn readlink /proc/self/ns/net)
for name in curl firefox-esr; do
	run stock sh -c "./$name ns:net ns:mnt; true"
	expect_eq "$name" "$wanted
$(ns_of mnt)" "$OUT"
	expect_silent "$name"
done
# Its resolver is there too.
mount -t tmpfs none /etc && mkdir -p /etc/netns/vpn && echo 'nameserver 192.0.2.1' >/etc/netns/vpn/resolv.conf &&
	echo 'nameserver 192.0.2.2' >/etc/resolv.conf || exit 1
cp "$(type -P cat)" curl
run stock sh -c './curl /etc/resolv.conf; cat /etc/resolv.conf'
expect_eq 'its resolver' $'nameserver 192.0.2.1\nnameserver 192.0.2.2' "$OUT"
expect_silent 'its resolver'
cp "$state" curl
run stock sh -c './other ns:net; true'
expect_eq 'another program' "$(ns_of net)" "$OUT"
expect_silent 'another program'

ip netns delete vpn
run stock sh -c './curl ns:net; true'
expect_eq 'no such network: nothing runs' '' "$OUT"
expect_like 'no such network' 'nsshim: \[vpn\] net: open /run/netns/vpn: No such file or directory \(ENOENT\): .*ip netns add' "$ERR"

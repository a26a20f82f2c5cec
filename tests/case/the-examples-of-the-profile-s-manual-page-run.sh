#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# A /run and an /etc/nsshim that others do not see; an ordinary user has them below a user namespace.
# On one processor: otherwise Linux 6.18 refuses now and then (EINVAL) to bind a mount namespace in
# an older one, as if it were not the newer: its numbers seem to come from a stock per processor.
cpu=$(taskset -cp $$ | sed 's/.*[ ,-]//')
[ -n "${INSIDE-}" ] || INSIDE=${ROOT:-user} exec taskset -c "$cpu" unshare "${OWN[@]}" --mount --net bash "$0"
mount -t tmpfs none /run && mkdir /run/netns /run/vpn && mount --bind --make-private /run/vpn /run/vpn || exit 1
mkdir etc etc/nsshim
cp -d /etc/passwd /etc/group /etc/ld.so.cache etc/
[ ! -e /etc/alternatives ] || cp -dr /etc/alternatives etc/
mount --bind etc /etc || exit 1
ip netns add vpn || exit 1
vpn=$(ip netns exec vpn readlink /proc/self/ns/net)
host=$(ns_of net)

# Every display of the page is run: text[N] is the Nth, as a reader sees it.
awk -v dir="$T" '/^\.Bd -literal/ { n++; on = 1; next } /^\.Ed/ { on = 0 } on { gsub(/\\&/, ""); print >(dir "/text." n) }' \
	"$TESTS/../conf/nsshim.5"
expect_eq 'how many there are' 17 "$(find . -name 'text.*' | wc -l)"
example() { # NUMBER PROGRAM...
	local number=$1
	shift
	run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$T/text.$number" "$@"
}
line() {
	sed -n "$1p" <<<"$OUT"
}
mkdir -p bin src/tests/unit srv
for name in curl firefox-esr curl-config other updater job x-gcc-12 clang ld cpp tool; do
	cp "$state" bin/$name
done
cp "$state" src/tests/unit/a

# 1: vpn and tests.
[ -e /usr/bin/curl ] || skip_part 'there is no /usr/bin/curl'
if [ -e /usr/bin/curl ]; then
	run env LD_PRELOAD="$LIB" NSSHIM_LOG=info NSSHIM_PROFILE="$T/text.1" sh -c '/usr/bin/curl --version >/dev/null; :'
	expect_like '1: /usr/bin/curl' '^nsshim: \[vpn\] entered ' "$ERR"
fi
example 1 "$door" execve fork "$T/bin/firefox-esr" ns:net ns:mnt ns:ipc
expect_eq '1: firefox*: net' "$vpn" "$(line 1)"
expect_not '1: firefox*: mnt' "$(ns_of mnt)" "$(line 2)"
expect_eq '1: firefox*: ipc' "$(ns_of ipc)" "$(line 3)"
example 1 "$door" execve fork "$T/bin/curl-config" ns:net
expect_eq '1: curl-config' "$host" "$OUT"
example 1 "$door" execve fork "$T/src/tests/unit/a" ns:net ns:ipc ns:user ids
expect_silent '1: tests'
expect_not '1: tests: net' "$host" "$(line 1)"
expect_not '1: tests: ipc' "$(ns_of ipc)" "$(line 2)"
expect_not '1: tests: user' "$(ns_of user)" "$(line 3)"
expect_eq '1: tests: ids' "uid $(id -u) $(id -u) $(id -u)"$'\n'"gid $(id -g) $(id -g) $(id -g)" "$(sed 1,3d <<<"$OUT")"

# 2: two extents, of one rule.
{ echo '[r]' && echo 'match = tool' && echo 'user = new' && cat text.2; } >text.2.rule
if [ "$INSIDE" = 1 ]; then
	# As uid 1000, with these ranges.
	getent passwd 1000 >/dev/null || echo 'someone:x:1000:1000::/:/bin/sh' >>/etc/passwd
	echo '1000:100000:65536' | tee /etc/subuid >/etc/subgid
	run setpriv --reuid=1000 --regid=1000 --clear-groups env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$T/text.2.rule" \
		"$door" execve fork "$T/bin/tool" map:uid ids
	expect_eq '2' $'0 1000 1; 1 100000 65536\nuid 0 0 0\ngid 0 0 0' "$OUT"
	expect_silent '2'
else
	example 2.rule "$state" exit:5
	expect_eq '2: is a profile' 5 "$RC"
	expect_silent '2'
	skip_part 'the two extents are the ranges of another user'
fi

# 3: the built-in profile, which is the same as the file of its text.
for what in 'ns:net ns:ipc' 'ids lo ns:mnt ns:uts' map:uid; do
	# shellcheck disable=SC2086 # words
	example 3 "$door" execve fork "$state" $what
	first=$OUT
	# shellcheck disable=SC2086
	run env HOME="$T" LD_PRELOAD="$LIB" "$door" execve fork "$state" $what
	case $what in
	*net*)
		for text in "$first" "$OUT"; do
			expect_not '3: net' "$host" "$(sed -n 1p <<<"$text")"
			expect_not '3: ipc' "$(ns_of ipc)" "$(sed -n 2p <<<"$text")"
		done
		;;
	*) expect_eq "3: $what" "$first" "$OUT" ;;
	esac
done
[ ! -e /usr/local/share/nsshim/default.ini ] || skip_part 'this machine has a default.ini'

# 4 and 5: what errors look like.
expect_eq '4' 'nsshim: FILE:LINE: KEY: what is wrong' "$(cat text.4)"
printf '[a]\nnett = new\n' >bad.ini
run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$T/bad.ini" "$state"
expect_line '4' "^nsshim: $T/bad.ini:2: nett: .+"
printf '[a]\n' >/etc/nsshim/x.ini
chmod 0 /etc/nsshim/x.ini
# By one who is neither root nor the owner.
if [ "$INSIDE" = 1 ]; then
	other=(setpriv --reuid=1000 --regid=1000 --clear-groups)
else
	other=(unshare --user)
fi
run "${other[@]}" env LD_PRELOAD="$LIB" NSSHIM_PROFILE=/etc/nsshim/x.ini "$state"
expect_eq '5' "$(cat text.5)" "$ERR"
expect_eq '5: by name' "$ERR" "$("${other[@]}" env LD_PRELOAD="$LIB" NSSHIM_PROFILE=x HOME="$T" "$state" 2>&1)"

# 6: each job of make in a network of its own.
# Each leaves one behind: the number of a network that has gone is given to the next.
cat >bin/job <<'END'
#!/bin/sh
readlink /proc/self/ns/net /proc/self/ns/ipc
sleep 100 >/dev/null 2>&1 &
echo $! >>left
END
cat >Makefile <<'MAKE'
all: 1 2
1 2:
	@bin/job
	@true; $(MAKE) -s below; sh -c 'bin/job; :'
below:
	@bin/job
MAKE
example 6 make -s
expect_silent '6'
expect_eq '6: how many networks' 6 "$(grep '^net:' <<<"$OUT" | sort -u | wc -l)"
expect_unlike '6: none is the one outside' "${host//[[\]]/.}" "$OUT"
# shellcheck disable=SC2046 # numbers
kill $(cat left)
example 6 sh -c 'sh -c "readlink /proc/\$\$/ns/net; :"; bash -c "readlink /proc/\$\$/ns/net; :"; :'
expect_eq '6: the shells are outside' "$host"$'\n'"$host" "$OUT"
expect_silent '6: the shells'

# 7: a browser with a mount namespace of its own.
hold unshare --mount
: >/run/vpn/mnt
mount --bind "/proc/$HELD/ns/mnt" /run/vpn/mnt || exit 1
for name in firefox-esr other updater; do
	example 7 "$door" execve fork "$T/bin/$name" ns:net ns:mnt cwd
	case $name in
	firefox-esr) expect_eq "7: $name" "$vpn"$'\n'"$(ns_of mnt "$HELD")"$'\ncwd /' "$OUT" ;;
	*) expect_eq "7: $name" "$host"$'\n'"$(ns_of mnt)"$'\n'"cwd $T" "$OUT" ;;
	esac
	expect_silent "7: $name"
done

# 8: compilers without a network; the loopback stays down, and no network is no compiler.
for name in x-gcc-12 clang ld; do
	example 8 "$door" execve fork "$T/bin/$name" ns:net lo
	expect_not "8: $name" "$host" "$(line 1)"
	expect_eq "8: $name: lo" 'lo down' "$(line 2)"
	expect_silent "8: $name"
done
example 8 "$door" execve fork "$T/bin/cpp" ns:net
expect_eq '8: another program' "$host" "$OUT"
run unshare --user --map-root-user sh -c 'echo 0 >/proc/sys/user/max_net_namespaces && exec "$@"' - \
	env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$T/text.8" "$door" execve fork "$T/bin/ld" ns:net
expect_eq '8: none to be had' 'execve: ENOSPC outside' "$OUT"
expect_line '8: none to be had' '^nsshim: \[offline\] net: '

# 9: into a container, whose process is put in.
hold_by unshare --user --map-root-user --mount --net sh -c 'mount -t tmpfs none "$0" && mkdir "$0/srv" && mount --bind "$0/srv" "$0/srv" && exec sleep 1000' "$T/srv"
sed -i "s/4242/$HELD/;s,/srv,$T/srv/srv," text.9
expect_eq '9: how often the pid is put in' 1 "$(grep -c "pid:$HELD" text.9)"
example 9 "$door" execve fork "$T/bin/tool" ns:user ns:mnt ns:net cwd
expect_eq '9' "$(ns_of user "$HELD")
$(ns_of mnt "$HELD")
$(ns_of net "$HELD")
cwd $T/srv/srv" "$OUT"
expect_silent '9'
example 9 "$door" execve fork "$T/bin/other" ns:net
expect_eq '9: another program' "$host" "$OUT"

# 10: the workers of a server, and a tool from outside.
sed -i "s/4242/$HELD/;s/strace/tool/" text.10
mkdir -p sbin && cp "$PROG/children" sbin/server
example 10 "$T/sbin/server" fork -n 3 -p 4000
expect_eq '10: workers' "fork: 3 children, 3 networks, 0 of them its parent's" "$OUT"
expect_silent '10: workers'
example 10 "$T/bin/tool" ns:user ns:mnt cwd
expect_eq '10: a tool' "$(ns_of user "$HELD")"$'\n'"$(ns_of mnt "$HELD")"$'\ncwd /' "$OUT"
expect_silent '10: a tool'

# 11: process ids for each test, and one network for two programs.
own_sets
example 11 "$door" execve fork "$T/src/tests/unit/a" ns:pid ns:net
expect_silent '11: tests'
expect_not '11: tests: pid' "$(ns_of pid)" "$(line 1)"
expect_eq '11: tests: net' "$host" "$(line 2)"
cp "$state" bin/server
cp "$state" bin/client
example 11 sh -c 'bin/server ns:net; bin/client ns:net; bin/other ns:net; true'
expect_silent '11: web'
expect_not '11: web: net' "$host" "$(line 1)"
expect_eq '11: web: the others' "$(line 1)"$'\n'"$host" "$(sed 1d <<<"$OUT")"
expect_no_sets '11'

# 12: for one command.
run env LD_PRELOAD="$LIB" sh -c "$(cat text.12)"' exec "$0" execve fork "$1" ns:net ids' "$door" "$state"
expect_not '12: net' "$host" "$(line 1)"
expect_eq '12: ids' "uid $(id -u) $(id -u) $(id -u)" "$(line 2)"
expect_silent '12'

# 13: a root of its own.
mkdir -p srv/work
cp "$state" srv/work/tool
sed -i "s,/srv/work ,$T/srv/work ," text.13
sed -i "s,/usr/bin/tool,*/tool," text.13
example 13 "$door" execve fork /work/tool cwd ns:net ns:pid open:/usr/bin/env open:/etc/passwd open:/etc/hostname open:/proc/1/stat open:/dev/null
expect_silent '13'
expect_not '13: net' "$host" "$(line 2)"
expect_not '13: pid' "$(ns_of pid)" "$(line 3)"
expect_eq '13: files' $'cwd /work\nopen ok\nopen ENOENT\nopen ok\nopen ok\nopen ok' "$(sed 2,3d <<<"$OUT")"

# 14: what a test finds, and what it leaves behind.
cat >src/tests/unit/b <<'END'
#!/bin/sh
uname -n; ulimit -c; cat /tmp/nsshim-b /dev/shm/nsshim-b 2>/dev/null; sed -n 's/ *\(.*\):.*/\1/p' /proc/net/dev
echo one >/tmp/nsshim-b && echo two >/dev/shm/nsshim-b && echo three >b.out
END
chmod 755 src/tests/unit/b
for i in 1 2; do
	example 14 "$door" execve fork src/tests/unit/b
	expect_eq "14: $i" $'test\n0\nlo' "$OUT"
	expect_silent "14: $i"
done
expect_eq '14: what stays' three "$(cat b.out)"
expect_eq '14: what does not' '' "$(cat /tmp/nsshim-b /dev/shm/nsshim-b 2>/dev/null)"

# 15: a build.
cat >Makefile <<'MAKE'
all:
	@echo made >made
	@umask; env | grep -c '^PATH=/usr/bin:/bin$$\|^HOME=/nonexistent$$\|^LC_ALL=C.UTF-8$$\|^GIVEN='
	@(echo no >/etc/made) 2>/dev/null || echo read-only
	@sed -n 's/ *\(.*\):.*/\1/p' /proc/net/dev; grep NoNewPrivs /proc/self/status
MAKE
(umask 077 && GIVEN=1 example 15 "$door" execve fork /usr/bin/make -s && echo "$OUT" >out && echo "$ERR" >err)
expect_eq '15' $'0022\n3\nread-only\nlo\nNoNewPrivs:\t1' "$(cat out)"
expect_eq '15: errors' '' "$(cat err)"
expect_eq '15: made' made "$(cat made)"

# 16 and 17: the one includes the other.
mv text.16 base.ini
printf '#!/bin/sh\nulimit -t\n' >src/tests/unit/c
chmod 755 src/tests/unit/c
mkdir -p home/.ssh && echo key >home/.ssh/key
for ci in '' 1; do
	run env HOME="$T/home" ${ci:+CI=1} LD_PRELOAD="$LIB" NSSHIM_PROFILE="$T/text.17" \
		"$door" execve fork "$T/src/tests/unit/a" ns:net "open:$T/home/.ssh/key" status:NoNewPrivs
	expect_silent "17: $ci"
	expect_not "17: $ci: net" "$host" "$(line 1)"
	expect_eq "17: $ci" $'open ENOENT\nNoNewPrivs 1' "$(sed 1d <<<"$OUT")"
	run env HOME="$T/home" ${ci:+CI=1} LD_PRELOAD="$LIB" NSSHIM_PROFILE="$T/text.17" \
		"$door" execve fork "$T/src/tests/unit/c"
	expect_eq "17: $ci: limit" "${ci:+600}" "${OUT#unlimited}"
done

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# A /run that others do not see; an ordinary user has it below a user namespace.
[ -n "${INSIDE-}" ] || INSIDE=1 exec unshare "${OWN[@]}" --mount --net bash "$0"
mount -t tmpfs none /run && ip netns add vpn && mkdir /run/bundle || exit 1
vpn=$(ip netns exec vpn readlink /proc/self/ns/net)
host=$(ns_of net)
export HOME=$T PATH=$BUILD:$PATH
own_sets

# What they are about.
mkdir -p .config/nsshim tests rootfs
cp "$TESTS/../examples/own-net.ini" .config/nsshim
cp "$state" tests/server-starts
printf '#!/bin/sh\n"${0%%run}server-starts" ns:net; :\n' >tests/run && chmod 755 tests/run
# All are there at the same time: the number of a network that has gone is given to the next.
cat >Makefile <<'END'
all: 1 2 3 4
1 2 3 4:
	@: >$@.here; until [ -e 1.here ] && [ -e 2.here ] && [ -e 3.here ] && [ -e 4.here ]; do sleep 0.02; done; readlink /proc/self/ns/net
check:
	@tests/server-starts ns:net; :
END
copy_into rootfs /bin/sh
mkdir rootfs/proc
cat >/run/bundle/config.json <<END
{"ociVersion": "1.0.2", "root": {"path": "$T/rootfs"}, "process": {"args": ["sh"], "cwd": "/", "user": {"uid": 0, "gid": 0}},
 "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"}], "hostname": "web",
 "linux": {"namespaces": [{"type": "user"}, {"type": "mount"}, {"type": "uts"}, {"type": "pid"}],
           "uidMappings": [{"containerID": 0, "hostID": $(id -u), "size": 1}], "gidMappings": [{"containerID": 0, "hostID": $(id -g), "size": 1}]}}
END
hold --net
echo "$HELD" >/run/web.pid
nsshim exec -e net=new -e share=web sleep 60 &
HOLDERS+=($!)
for ((i = 0; i < 250; i++)); do
	[ -z "$(sockets)" ] || break
	sleep 0.02
done

example() { # COMMAND: what it prints, or what its shell does, is as it is meant
	rm -f ./*.here
	run sh -c "$1" <<<'readlink /proc/self/ns/net 2>&1; ./curl ns:net'
	case $1 in
	'nsshim run make -j4' | 'nsshim trace '*' make -j4' | 'nsshim trace make -j4')
		expect_eq "$1: how many networks" 4 "$(grep '^net:' <<<"$OUT" | sort -u | wc -l)"
		expect_unlike "$1" "${host//[[\]]/.}" "$OUT"
		case $1 in
		*' -o '*) expect_eq "$1" 4 "$(grep -c 'sh  \[built-in\] by ' tree.txt)" ;;
		*trace*) expect_eq "$1" 4 "$(grep -c 'sh  \[built-in\] by ' <<<"$ERR")" ;;
		esac
		;;
	'nsshim run -p own-net make check' | 'nsshim trace -p own-net make check')
		expect_like "$1" '^net:' "$OUT"
		expect_not "$1" "$host" "$OUT"
		case $1 in *trace*) expect_like "$1" 'server-starts  \[tests?\] by ' "$ERR" ;; esac
		;;
	'nsshim trace '*' -e net=new ./tests/run') expect_like "$1" '\[inline\] by ' "$ERR" ;;
	*' ip addr')
		expect_like "$1" '^1: lo: ' "$OUT"
		expect_unlike "$1" $'\n2: ' "$OUT"
		;;
	*' -e net=netns:vpn bash') expect_like "$1" "^${host//[[\]]/.}"$'\n'".*${vpn//[[\]]/.}\$" "$OUT" ;;
	*'join=pidfile:/run/web.pid sh') expect_eq "$1" "$(ns_of net "$HELD")" "$(sed -n 1p <<<"$OUT")" ;;
	*' explain '*) expect_like "$1" '\[tests?\].* fits: match = .*'$'\n''.*unshare .*net' "$OUT" ;;
	*' doctor '*) expect_like "$1" '\[tests?\] +can be entered' "$OUT" ;;
	*' show '*/mine.ini) expect_eq "$1: it is one" '' "$(nsshim check mine)" ;;
	*' show '*mine.ini) expect_eq "$1: it is one" '' "$(nsshim check ./mine.ini)" ;;
	*' check '*)
		expect_eq "$1" '' "$OUT"
		echo 'nett = new' >>mine.ini
		run sh -c "$1"
		expect_like "$1" "^$T/mine.ini:[0-9]+:1: error: nett: " "$OUT"
		return
		;;
	*'config.json >web.ini') expect_eq "$1: it is a profile" '' "$(nsshim check ./web.ini)" ;;
	*'-p ./web.ini sh')
		expect_eq "$1" web "$(sh -c "$1" <<<'read -r name </proc/sys/kernel/hostname; echo "$name"')"
		return
		;;
	*' --from unshare '*) expect_like "$1" $'\nmnt = new\nnet = new\nuser = new\n' "$OUT" ;;
	'nsshim profiles') expect_like "$1" "own-net +$T/.config/nsshim/own-net.ini" "$OUT" ;;
	'nsshim list --json') expect_like "$1" '"name": "web"' "$OUT" ;;
	'nsshim drop web') expect_like "$1" '^dropped web ' "$OUT" ;;
	*) fail "nothing is known of the example $1" ;;
	esac
	expect_eq "$1: exit status" 0 "$RC"
}
cp "$state" curl
mapfile -t of_page < <(awk '/^\.Sh EXAMPLES/ { here = 1 } /^\.Sh SEE/ { here = 0 } here && /^nsshim / { gsub(/\\&/, ""); print }' "$TESTS/../shim/nsshim.1")
[ ${#of_page[@]} -ge 13 ] || fail "the page has only ${#of_page[@]}"
of_helps=()
for command in $(nsshim --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
	mapfile -t -O ${#of_helps[@]} of_helps < <(nsshim "$command" --help | sed -n 's/^  \(nsshim .*\)/\1/p')
done
[ ${#of_helps[@]} -ge 9 ] || fail "the helps have only ${#of_helps[@]}"
for command in "${of_helps[@]}" "${of_page[@]}"; do
	example "$command"
done
expect_no_sets 'after the examples' 1

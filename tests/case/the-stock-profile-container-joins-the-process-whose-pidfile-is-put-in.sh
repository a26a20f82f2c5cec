#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

use_stock container

looks=()
for kind in user mnt pid net ipc uts cgroup; do
	looks+=("ns:$kind")
done

# As it is, no program starts.
run stock env "$state" ns:net
expect_eq 'without a pidfile: nothing runs' '' "$OUT"
expect_like 'without a pidfile' 'nsshim: \[container\] open /run/NAME.pid: .*\(ENOENT\): there is no such pidfile' "$ERR"

# The commands that the comment shows, of which the first is the container's.
sed -n 's/^;   sed /sed /p' "$TESTS/../examples/container.ini" >shown
expect_eq 'one line shows sed' 1 "$(wc -l <shown)"
mkdir -p home/.config/nsshim runtime
sed -i "s,/usr/local/share/nsshim,$TESTS/../examples," shown
HOME=$T/home XDG_RUNTIME_DIR=$T/runtime bash -c "$(cat shown)"
cp home/.config/nsshim/NAME.ini config/nsshim/container.ini

for options in '' '--fork --pid --mount-proc'; do
	# shellcheck disable=SC2086 # words on purpose
	unshare "${OWN[@]}" --mount --net --ipc --uts --cgroup $options sleep 1000 &
	HELD=$!
	HOLDERS+=("$HELD")
	case $options in *--fork*) await_child "$HELD" && HELD=$CHILD && HOLDERS+=("$HELD") ;; esac
	await sleep "$HELD"
	echo "$HELD" >runtime/NAME.pid
	wanted=
	for kind in user mnt pid net ipc uts cgroup; do
		wanted=$wanted$(ns_of $kind "$HELD")$'\n'
	done
	for way in $WAYS; do
		case $options,$way in *--pid*,raw:*) continue ;; esac
		run stock "$door" "${way%:*}" "${way#*:}" "$state" "${looks[@]}" cwd
		expect_eq "$options, $way" "${wanted}cwd $T" "$OUT"
		expect_silent "$options, $way"
	done
done

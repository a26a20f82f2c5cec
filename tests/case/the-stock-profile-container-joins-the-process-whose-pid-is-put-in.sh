#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

mkdir -p config/nsshim
cp "$TESTS/../examples/container.ini" config/nsshim
stock() {
	XDG_CONFIG_HOME=$T/config NSSHIM_PROFILE=container LD_PRELOAD=$LIB "$@"
}

looks=()
for kind in user mnt net ipc uts cgroup; do
	looks+=("ns:$kind")
done

# As it is, no program starts.
run stock env "$state" ns:net
expect_eq 'without a pid: nothing runs' '' "$OUT"
expect_like 'without a pid' 'nsshim: \[container\] user: .*4194304.*\(ENOENT\): there is no such process' "$ERR"

hold "${OWN[@]}" --mount --net --ipc --uts --cgroup
sed -i "s/4194304/$HELD/" config/nsshim/container.ini
wanted=
for kind in user mnt net ipc uts cgroup; do
	wanted=$wanted$(ns_of $kind "$HELD")$'\n'
done
for way in $WAYS; do
	run stock "$door" "${way%:*}" "${way#*:}" "$state" "${looks[@]}" cwd
	expect_eq "$way" "${wanted}cwd /" "$OUT"
	expect_silent "$way"
done

# The command that the comment shows.
sed -n 's/^;   sed /sed /p' "$TESTS/../examples/container.ini" >shown
expect_eq 'one line shows sed' 1 "$(wc -l <shown)"
mkdir -p home/.config/nsshim
sed -i "s,/usr/local/share/nsshim,$TESTS/../examples," shown
HOME=$T/home pid=$HELD bash -c "$(cat shown)"
expect_eq 'what it makes' "$(grep -v '^;' config/nsshim/container.ini)" \
	"$(grep -v '^;' home/.config/nsshim/NAME.ini)"

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

export HOME=$T # no profile of this user's
doctor() { # STATUS ARGUMENT...
	run "$NSSHIM" doctor "${@:2}"
	expect_eq "doctor ${*:2}: exit status" "$1" "$RC"
	expect_silent "doctor ${*:2}"
}
# Of the last run's --json: the state of a finding, and what helps.
state_of() { # NAME
	python3 -c '
import json, sys
for f in json.load(sys.stdin):
    if f["name"] == sys.argv[1]:
        print(f["state"], f["remedy"])' "$1" <<<"$OUT"
}

# This machine runs the tests, so that it can do the default profile.
LANG=C doctor 0
expect_like 'a line for each' $'^ok kernel +Linux [0-9].*\nok namespaces +all kinds: user mnt pid net ipc uts cgroup time\n' "$OUT"
expect_like 'the library' $'\n'"ok library +$LIB"$'\n' "$OUT"
expect_like 'the default profile' $'\n''ok \[built-in\] +can be entered$' "$OUT"
run env LC_ALL=C.UTF-8 "$NSSHIM" doctor
expect_like 'a tick' $'\n''✓ \[built-in\]' "$OUT"
expect_unlike 'no colours' $'\033' "$OUT"
doctor 0 --json
expect_eq 'json' 'good None' "$(state_of kernel)"
if [ -z "$ROOT" ]; then
	expect_eq 'my ranges' 'good None' "$(state_of subuid)"
fi

# A profile that cannot be entered, by one of its rules; sets are not made for it.
own_sets
doctor 1 --json -e net=netns:of-nobody
expect_eq 'a network that is not there' 'bad None' "$(state_of '[inline]')"
expect_like 'a network that is not there' 'ip netns add' "$OUT"
doctor 1 --json -p "$(profile '[good]
uts = new
[bad]
match = nothing
net = netns:of-nobody
[kept]
net = new
share = one
[idle]
[base]
template = yes
net = netns:of-nobody')"
expect_eq 'each rule' 'good None/bad None/good None//' \
	"$(state_of '[good]')/$(state_of '[bad]')/$(state_of '[kept]')/$(state_of '[idle]')/$(state_of '[base]')"
expect_eq 'no set is made' '' "$(sockets)"

# Machines that lack something.
run unshare --user --map-root-user sh -c 'echo 0 >/proc/sys/user/max_net_namespaces && exec "$@"' - "$NSSHIM" doctor --json
expect_eq 'a limit: exit status' 1 "$RC"
expect_eq 'a limit' 'bad sysctl -w user.max_net_namespaces=15000' "$(state_of limits)"
expect_eq 'a limit: the default profile' 'bad None' "$(state_of '[built-in]')"
run "$PROG/seccomp" docker "$NSSHIM" doctor --json
expect_eq 'a filter' 'bad docker run --security-opt seccomp=unconfined' "$(state_of seccomp)"
expect_eq 'a filter: exit status' 1 "$RC"
run setpriv --no-new-privs "$NSSHIM" doctor --json
expect_eq 'no_new_privs' 'lacks None' "$(state_of no_new_privs)"
expect_eq 'no_new_privs: the default profile' 'good None' "$(state_of '[built-in]')"
as_if() { # FILE VALUE COMMAND...: of /proc/sys/kernel
	unshare "${OWN[@]}" --mount sh -c '
		mount -t tmpfs none /proc/sys/kernel && echo "$1" >"/proc/sys/kernel/$0" && shift && exec "$@"' "$@"
}
if [ -n "$ROOT" ]; then
	user=(setpriv --reuid="$ACCOUNT" --regid="$ACCOUNT" --init-groups)
	run as_if unprivileged_userns_clone 0 "${user[@]}" "$NSSHIM" doctor --json
	expect_eq 'a sysctl of Debian' 'bad sudo sysctl -w kernel.unprivileged_userns_clone=1' "$(state_of sysctl)"
	run as_if apparmor_restrict_unprivileged_userns 1 "${user[@]}" "$NSSHIM" doctor --json
	expect_eq 'a sysctl of Ubuntu' 'bad sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0' "$(state_of sysctl)"
	: >none
	run unshare --mount sh -c 'mount --bind none /etc/subuid && exec "$@"' - "${user[@]}" "$NSSHIM" doctor --json
	expect_eq 'no range' "lacks sudo usermod --add-subuids 100000-165535 $ACCOUNT" "$(state_of subuid)"
	run unshare --mount sh -c 'mount -t tmpfs none /usr/bin && exec "$@"' - "$NSSHIM" doctor --json
	expect_eq 'no newuidmap' 'lacks apt-get install uidmap' "$(state_of newuidmap)"
	expect_eq 'no newgidmap' 'lacks apt-get install uidmap' "$(state_of newgidmap)"
	cp /usr/bin/newuidmap plain && chmod 755 plain
	run unshare --mount sh -c 'mount --bind plain "$0" && exec "$@"' "$(readlink -f /usr/bin/newuidmap)" "${user[@]}" "$NSSHIM" doctor --json
	expect_eq 'newuidmap without its bit' "lacks sudo chmod u+s /usr/bin/newuidmap" "$(state_of newuidmap)"
	run unshare --mount sh -c 'mount --bind none /etc/subgid && exec "$@"' - "${user[@]}" "$NSSHIM" doctor --json
	expect_eq 'no range of groups' "lacks sudo usermod --add-subgids 100000-165535 $ACCOUNT" "$(state_of subgid)"
else
	run as_if unprivileged_userns_clone 1 "$NSSHIM" doctor --json
	expect_eq 'a sysctl of Debian' 'good None' "$(state_of sysctl)"
fi

# What a kernel may lack, by the answers that it would give then.
refusing() { # CALL ERRNO [PATH]
	local of=()
	[ $# = 2 ] || of=(-P "$3")
	run strace -f -o /dev/null "${of[@]}" -e trace="$1" -e inject="$1:error=$2" "$NSSHIM" doctor --json
}
refusing landlock_create_ruleset EOPNOTSUPP
expect_eq 'no Landlock' 'lacks None' "$(state_of landlock)"
expect_eq 'no Landlock: exit status' 0 "$RC"
refusing access ENOENT /proc/self/ns/time
expect_eq 'no time namespaces' 'lacks None' "$(state_of namespaces)"
expect_like 'no time namespaces' 'this kernel has no namespaces of time"' "$OUT"
expect_eq 'no time namespaces: exit status' 0 "$RC"
run unshare --user --map-root-user sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"' - "$NSSHIM" doctor --json
expect_eq 'no user namespaces' 'lacks None' "$(state_of user)"
expect_like 'no user namespaces' 'sysctl -w user.max_user_namespaces=' "$OUT"

# Cgroups of version 2, one's own or not.
run unshare "${OWN[@]}" --mount sh -c 'mount -t tmpfs none /sys/fs/cgroup && exec "$@"' - "$NSSHIM" doctor --json
expect_eq 'no cgroups' 'lacks None' "$(state_of cgroup)"
grep -q '^0::' /proc/self/cgroup || skip_part 'this kernel has no cgroups of version 2'
if [ -n "$ROOT" ] && grep -q '^0::' /proc/self/cgroup; then
	with_cgroups() {
		unshare --mount sh -c 'mount -t cgroup2 none /sys/fs/cgroup && exec "$@"' - "$@"
	}
	run with_cgroups "$NSSHIM" doctor --json
	expect_eq 'a cgroup of one'"'"'s own' 'good None' "$(state_of cgroup)"
	run with_cgroups "${user[@]}" "$NSSHIM" doctor --json
	expect_eq 'a cgroup of another' 'lacks systemd-run --user --scope -p Delegate=yes $SHELL' "$(state_of cgroup)"
fi

# The library beside the command.
mkdir beside && cp "$NSSHIM" "$LIB" beside && chmod 644 beside/libnsshim.so
run beside/nsshim doctor --json
sudo=
[ -n "$ROOT" ] || sudo='sudo '
expect_eq 'a library that is not executable' "lacks ${sudo}chmod +x $T/beside/libnsshim.so" "$(state_of library)"
expect_eq 'a library that is not executable: exit status' 0 "$RC"
rm beside/libnsshim.so
[ -e /usr/local/lib/libnsshim.so ] || {
	run beside/nsshim doctor --json
	expect_eq 'no library' "bad ${sudo}make install" "$(state_of library)"
	expect_eq 'no library: exit status' 1 "$RC"
}

# A parent that ignores SIGCHLD, or has closed what a program is given, is no obstacle.
run python3 -c '
import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.close(0)
os.execv(sys.argv[1], sys.argv[1:])' "$NSSHIM" doctor --json
expect_eq 'SIGCHLD is ignored: exit status' 0 "$RC"
expect_eq 'SIGCHLD is ignored' 'good None' "$(state_of user)"

doctor_wrong() { # REGEX ARGUMENT...
	run "$NSSHIM" doctor "${@:2}"
	expect_eq "doctor ${*:2}" 125 "$RC"
	expect_like "doctor ${*:2}" "$1" "$ERR"
}
doctor_wrong '^nsshim: NSSHIM_PROFILE:1: nett: ' -e nett=new
doctor_wrong '^nsshim: doctor: it takes no argument' default

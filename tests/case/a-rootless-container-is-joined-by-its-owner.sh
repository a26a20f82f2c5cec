#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# The root file system of a container, with what is to run in it.
mkdir -p tree/proc tree/dev tree/sys tree/tmp tree/run tree/etc tree/srv
copy_into tree "$(type -P sleep)" "$state"
mv "tree$state" tree/state
echo inside >tree/srv/only

expect_joined() { # WHAT PID UID-INSIDE CWD [JOIN]
	local way kind pid join=${5-join = pid:$2} wanted=
	for kind in user mnt pid net ipc uts cgroup; do
		wanted=$wanted$(ns_of "$kind" "$2")$'\n'
	done
	for way in execve:direct execve:fork execve:vfork execve:direct+threads execve:vfork+threads \
		posix_spawn:direct posix_spawn:direct+threads; do
		run shim "match = state; $join" "$door" "${way%:*}" "${way#*:}" /state \
			ns:user ns:mnt ns:pid ns:net ns:ipc ns:uts ns:cgroup ids cwd exe open:/srv/only
		expect_eq "$1, $way" "${wanted}uid $3 $3 $3
gid $3 $3 $3
cwd $4
/state
open ok" "$OUT"
		expect_eq "$1, $way: exit status" 0 "$RC"
		expect_silent "$1, $way"
	done
	# Where the pid namespace is left alone, the container's own /proc does not know the program,
	# and its namespaces are told from outside.
	join="join = pid:$2; pid = host"
	for way in execve:direct execve:fork execve:vfork execve:direct+threads execve:vfork+threads \
		posix_spawn:direct posix_spawn:direct+threads; do
		run shim "match = state; $join" "$door" "${way%:*}" "${way#*:}" /state ids cwd open:/srv/only
		expect_eq "$1, pid = host, $way" "uid $3 $3 $3
gid $3 $3 $3
cwd $4
open ok" "$OUT"
		expect_eq "$1, pid = host, $way: exit status" 0 "$RC"
		expect_silent "$1, pid = host, $way"
	done
	LD_PRELOAD=$LIB NSSHIM_PROFILE="match = sleep; $join" "$door" execve direct "$(type -P sleep)" 1000 &
	pid=$!
	HOLDERS+=("$pid")
	await sleep "$pid"
	for kind in user mnt net ipc uts cgroup; do
		expect_eq "$1: $kind" "$(ns_of "$kind" "$2")" "$(ns_of "$kind" "$pid")"
	done
	expect_not "$1: user" "$(ns_of user)" "$(ns_of user "$pid")"
	expect_not "$1: mnt" "$(ns_of mnt)" "$(ns_of mnt "$pid")"
	expect_eq "$1: its root" "$(stat -Lc %d:%i "/proc/$2/root/")" "$(stat -Lc %d:%i "/proc/$pid/root/")"
}

# One of bubblewrap, with a user namespace in a user namespace (--dev, by a user).
if command -v bwrap >/dev/null; then
	mkfifo told
	bwrap --unshare-all --uid 0 --gid 0 --bind tree / --proc /proc --dev /dev --chdir /srv --die-with-parent \
		--info-fd 9 sleep 1000 9>told &
	HOLDERS+=($!)
	# Its first process stays bwrap; the program is the child of that one.
	await_child "$(grep -o '"child-pid": [0-9]*' told | grep -o '[0-9]*$')"
	await sleep "$CHILD"
	expect_joined 'bwrap' "$CHILD" 0 /srv
else
	skip_part 'bubblewrap is not installed'
fi

# One of podman; root's own would be no rootless one.
[ -z "$ROOT" ] || exit "$FAILED"
command -v podman >/dev/null || skip_part 'podman is not installed'
command -v podman >/dev/null || exit "$FAILED"
mkdir -m 700 runtime
export XDG_RUNTIME_DIR=$T/runtime
podman=(podman --root "$T/storage" --runroot "$T/runtime/containers" --tmpdir "$T/runtime/tmp" --cgroup-manager cgroupfs)
for runtime in crun runc; do
	"${podman[@]}" --runtime "$runtime" run --detach --name held --pidfile "$T/held.pid" --network=none --cgroupns=host \
		--rootfs "$T/tree" sleep 1000 >podman.out 2>&1 && break
	"${podman[@]}" rm -f held >/dev/null 2>&1
done
pid=$("${podman[@]}" inspect --format '{{.State.Pid}}' held 2>/dev/null)
if [ "${pid:-0}" != 0 ]; then
	expect_joined 'podman' "$pid" 0 / "join = pidfile:$T/held.pid"
else
	skip_part "podman starts no container here: $(tail -n 1 podman.out)"
fi
"${podman[@]}" rm -f -t 0 held >/dev/null 2>&1
# The process that keeps its user namespace.
kill "$(cat runtime/tmp/pause.pid 2>/dev/null || cat runtime/libpod/tmp/pause.pid)"

#!/bin/bash
# runs: root
. "$(dirname "$0")/../case.sh"

# A hierarchy of version 2 of this machine's, below which a cgroup can be made.
mkdir v2
mount -t cgroup2 none v2 2>/dev/null || skip 'no cgroups of version 2 can be mounted here'
group=$T/v2/nsshim-test-$$
trap 'rmdir "$group" "$group-other"; umount "$T/v2"; leave' EXIT
mkdir "$group" "$group-other" 2>/dev/null || { trap 'umount "$T/v2"; leave' EXIT; skip 'no cgroup can be made here'; }

own() { sed -n 's/^0:://p' "/proc/$1/cgroup"; }
before=$(own self)
for more in '' '; user = new' '; pid = new; mnt = new'; do
	for way in execve:fork execve:vfork posix_spawn:direct; do
		run shim "match = cat; cgroup_join = $group$more" "$PROG/door" "${way%:*}" "${way#*:}" "$(type -P cat)" /proc/self/cgroup
		expect_like "$way$more" "(^|"$'\n'")0::.*/nsshim-test-$$(\$|"$'\n'")" "$OUT"
	done
done
run shim "match = cat; cgroup = new; cgroup_join = $group" sh -c 'cat /proc/self/cgroup; true'
expect_eq 'with a namespace' 0::/ "$(grep ^0:: <<<"$OUT")"
expect_eq 'the caller' "$before" "$(own self)"

# It is outside that it is looked up.
run shim "match = cat; cgroup_join = $group; root = tmpfs; bind = /usr /usr rec,ro; bind = /lib /lib rec,ro; bind = /lib64 /lib64 rec,ro; proc = /proc; pid = new; cwd = /; match = cat" \
	"$PROG/door" posix_spawn direct /usr/bin/cat /proc/self/cgroup
expect_like 'with another root' "nsshim-test-$$" "$OUT"
run shim "match = cat; cgroup_join = $group-no" "$PROG/door" posix_spawn direct "$(type -P cat)" /proc/self/cgroup
expect_like 'none there' 'write .*-no/cgroup.procs: .*\(ENOENT\): there is no such cgroup' "$ERR"

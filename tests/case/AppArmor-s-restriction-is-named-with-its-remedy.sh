#!/bin/bash
# runs: root
. "$(dirname "$0")/../case.sh"

# The sysctl of a machine that has it, in the place of this one's, and the kernel's answer there.
within() { # CALL ERRNO COMMAND...
	unshare --mount sh -c 'mount -t tmpfs none /proc/sys/kernel &&
		echo 1 >/proc/sys/kernel/apparmor_restrict_unprivileged_userns && exec "$@"' - \
		strace -f -o /dev/null -e trace="$1" -e inject="$1:error=$2" "${@:3}"
}
rules=$(profile 'match = state; user = new; net = new')
for mode in direct fork vfork; do
	run within unshare EACCES env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$rules" "$door" execve $mode "$state"
	expect_eq "$mode: nothing ran inside" 'execve: EACCES outside' "$OUT"
	expect_line "$mode" 'EACCES.*AppArmor.*"userns,".*kernel.apparmor_restrict_unprivileged_userns=0'
done

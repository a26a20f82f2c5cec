#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# In a user namespace where no network may be made, the second step of this rule fails.
cat >limited <<'END'
#!/bin/sh
echo 0 >/proc/sys/user/max_net_namespaces || exit 70
exec "$@"
END
chmod 755 limited
within() {
	unshare --user --map-root-user "$T/limited" "$@"
}
wanted='^nsshim: \[rule\] (net: )?unshare.*: No space left on device \(ENOSPC\): .*max_net_namespaces'

for mode in direct fork vfork; do
	run within env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$(profile 'match = state; user = new; net = new')" \
		"$door" execve $mode "$state" ns:net
	if [ $mode = vfork ]; then
		# It has capabilities and shares its parent's memory: a trial elsewhere comes first.
		expect_eq "half inside, $mode" 'execve: ENOSPC outside' "$OUT"
	else
		expect_eq "half inside, $mode: nothing ran" '' "$OUT"
		expect_eq "half inside, $mode: exit status" 126 "$RC"
	fi
	expect_line "half inside, $mode" "$wanted"

	# Without a user namespace of its own all of it is put back.
	run within env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$(profile 'match = state; fallback = none; ipc = new; uts = new; net = new')" \
		"$door" execve $mode "$state" ns:net
	expect_eq "put back, $mode" 'execve: ENOSPC outside' "$OUT"
	expect_line "put back, $mode" "$wanted"
done
for mode in direct direct+threads fork; do
	run within env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$(profile 'match = state; user = new; net = new')" \
		"$door" posix_spawn $mode "$state" ns:net
	expect_eq "posix_spawn, $mode" 'posix_spawn: ENOSPC outside' "$OUT"
	expect_line "posix_spawn, $mode" "$wanted"
done
# A process of several threads has its exact errno from a trial, and is not touched.
run within env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$(profile 'match = state; user = new; net = new')" \
	"$door" execve direct+threads "$state" ns:net
expect_eq 'several threads' 'execve: ENOSPC outside' "$OUT"
expect_line 'several threads' "$wanted"
# At load there is nobody to tell.
run within env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$(profile 'match = state; user = new; net = new')" \
	"$door" raw fork "$state" ns:net
expect_eq 'at load: exit status' 126 "$RC"
expect_eq 'at load: nothing ran' '' "$OUT"
expect_line 'at load' "$wanted"

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# The program is a process of the pid namespace too, and has a number there.
unshare "${OWN[@]}" --mount-proc --pid --fork --net --uts sleep 1000 &
HOLDERS+=($!)
await_child $!
await sleep "$CHILD"
HELD=$CHILD
HOLDERS+=("$HELD")
wanted=$(for kind in user mnt pid net ipc uts cgroup time; do ns_of "$kind" "$HELD"; done)
for rule in "join = pid:$HELD" "join = pidfile:$T/held.pid"; do
	echo "$HELD" >held.pid
	for way in execve:fork execve:vfork execve:vfork+threads posix_spawn:direct posix_spawn:direct+threads raw:fork; do
		run shim "match = state; $rule" "$door" "${way%:*}" "${way#*:}" "$state" \
			ns:user ns:mnt ns:pid ns:net ns:ipc ns:uts ns:cgroup ns:time
		expect_eq "$rule, $way" "$wanted" "$OUT"
		expect_eq "$rule, $way: exit status" 0 "$RC"
		expect_silent "$rule, $way"
	done
done
# Left out by name.
run shim "match = state; join = pid:$HELD; pid = host; mnt = host" "$door" execve fork "$state" ns:pid ns:mnt ns:net
expect_eq 'pid = host' "$(ns_of pid)
$(ns_of mnt)
$(ns_of net "$HELD")" "$OUT"

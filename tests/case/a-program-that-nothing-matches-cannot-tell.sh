#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

tells=(args fds mask ignored ids groups map:uid map:gid setgroups pgid sid cwd umask nice sched rlimits
	dumpable pdeathsig caps lo comm exe threads children)
for kind in $KINDS; do
	tells+=("ns:$kind")
done
for way in $WAYS execv:vfork execvp:fork system:direct popen:direct wordexp:direct posix_spawnp:direct; do
	wanted=$("$door" "${way%:*}" "${way#*:}" "$state" "${tells[@]}" 2>&1; echo "$?")
	for rule in 'match = nothing; net = new' 'match = /bin/other; user = new' '[empty]'; do
		got=$(shim "$rule" "$door" "${way%:*}" "${way#*:}" "$state" "${tells[@]}" 2>&1; echo "$?")
		expect_eq "$rule, $way" "${wanted//pipe:\[[0-9]*\]/pipe}" "${got//pipe:\[[0-9]*\]/pipe}"
	done
done
# A signal that ends it, and a stop, are what its parent sees.
for signal in 6 9 15; do
	run shim 'match = nothing; net = new' "$door" execve fork "$state" kill:$signal
	expect_eq "signal $signal" $((128 + signal)) "$RC"
	run shim 'match = state; net = new' "$door" execve fork "$state" kill:$signal
	expect_eq "signal $signal, inside" $((128 + signal)) "$RC"
	run shim 'match = state; net = new' "$door" posix_spawn direct "$state" kill:$signal
	expect_eq "signal $signal, spawned inside" $((128 + signal)) "$RC"
done

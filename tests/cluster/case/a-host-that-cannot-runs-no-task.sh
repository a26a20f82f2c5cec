#!/bin/bash
. "$(dirname "$0")/../cases.sh"

# Of one host a task, by each way of the page; the host `three` has a filter.
printf '#include <stdio.h>\nint main(void) { puts("ran"); return 0; }\n' >hello.c
cc -o hello hello.c
cc -static -o hello-static hello.c
in_command() { # HOST WORDS...
	run user ssh "$1" "cd $T && ${*:2}"
}
in_environment() { # HOST PROFILE COMMAND [LIBRARY]
	run user ssh "$1" "cd $T && LD_PRELOAD=${4-$PRELOAD} NSSHIM_PROFILE='$2' $3"
}
expect_ran() { # WHAT REGEX: what else is said
	expect_eq "$1: ran" ran "$OUT"
	expect_like "$1" "$2" "$ERR"
}
expect_not_run() { # WHAT STATUS REGEX
	expect_eq "$1: did not run" '' "$OUT"
	expect_eq "$1: exit status" "$2" "$RC"
	expect_line "$1" "$3"
}

in_command one not-nsshim exec -p ranks ./hello
expect_not_run 'no command' 127 'not-nsshim: command not found'
in_environment one ranks ./hello not-libnsshim.so
expect_ran 'no library' "object 'not-libnsshim.so' from LD_PRELOAD cannot be preloaded"

in_command one nsshim exec -p nowhere ./hello
expect_not_run 'no profile, in the command' 125 '^nsshim: find profile nowhere: .*ENOENT'
in_environment one nowhere ./hello
expect_not_run 'no profile, in the environment' 125 '^nsshim: find profile nowhere: .*ENOENT'
# As one of a later release would be.
printf '[task]\nwhen = load\nnet = new\nof_tomorrow = yes\n' >later.ini
in_command one nsshim exec -p ./later.ini ./hello
expect_not_run 'a key that it does not know, in the command' 125 'later.ini:4: of_tomorrow: unknown key'
in_environment one ./later.ini ./hello
expect_not_run 'a key that it does not know, in the environment' 125 'later.ini:4: of_tomorrow: unknown key'

rule='when = load; net = new; uid_map = self; gid_map = self'
in_command one "nsshim exec -p '$rule' ./hello"
expect_ran 'one that can, in the command' '^$'
in_environment one "$rule" ./hello
expect_ran 'one that can, in the environment' '^$'
refused='^nsshim: \[inline\] user: unshare: Operation not permitted \(EPERM\): a seccomp filter refuses it'
in_command three "nsshim exec -p '$rule' ./hello"
expect_not_run 'one that cannot, in the command' 125 "$refused"
in_environment three "$rule" ./hello
expect_not_run 'one that cannot, in the environment' 126 "$refused"
in_environment three 'match = hello; net = new' "sh -c './hello; echo \$? >&2'"
expect_eq 'what a task starts: did not run' '' "$OUT"
expect_like 'what a task starts' "$refused.*"$'\n126$' "$ERR"

in_command three "nsshim exec -p '$rule; on_error = continue' ./hello"
expect_ran 'on_error=continue, in the command' "$refused"
in_environment three "$rule; on_error = continue" ./hello
expect_ran 'on_error=continue, in the environment' "$refused"

in_command one "nsshim exec -p '$rule' ./hello-static"
expect_ran 'statically linked, in the command' '^$'
in_command three "nsshim exec -p '$rule' ./hello-static"
expect_not_run 'statically linked, where it cannot' 125 "$refused"
in_environment three "$rule" ./hello-static
expect_ran 'statically linked, in the environment' '^$'

# What the scheduler sees.
for how in '125 nsshim exec -p ranks' "126 -x LD_PRELOAD=$PRELOAD -x NSSHIM_PROFILE=ranks"; do
	# shellcheck disable=SC2086 # words on purpose
	run user timeout 60 mpirun --host one,three ${how#* } sh -c 'sleep 1; hostname'
	expect_eq "mpirun ${how#* }" "${how%% *}" "$RC"
	expect_unlike "mpirun ${how#* }: on the host that cannot" 'three' "$OUT"
done
srun=(srun --quiet --immediate=60 -N 1)
run user "${srun[@]}" nsshim exec -e net=netns:of-nobody ./hello
expect_eq 'srun, in the command' 125 "$RC"
run user "${srun[@]}" "--export=ALL,LD_PRELOAD=$PRELOAD,NSSHIM_PROFILE=when=load; net=netns:of-nobody" ./hello
expect_eq 'srun, in the environment' 126 "$RC"
expect_eq 'srun: did not run' '' "$OUT"
job=$(user sbatch --parsable --wait -p all --output=/dev/null --wrap='exec nsshim exec -e net=netns:of-nobody ./hello')
expect_like 'Slurm' 'JobState=FAILED .*ExitCode=125:0' "$(scontrol show job "$job" | tr '\n' ' ')"

# It is drained by the script of the page, and the two that can are not.
for ((i = 0; i < 200; i++)); do
	[ "$(sinfo -h -n three -o '%t %E')" != "drain nsshim doctor -p ranks" ] || break
	sleep 0.1
done
expect_eq 'the host that cannot' 'drain nsshim doctor -p ranks' "$(sinfo -h -n three -o '%t %E')"
expect_eq 'the hosts that can' 'idle none' "$(sinfo -h -n one,two -o '%t %E')"
for host in one two; do
	on $host sh /etc/slurm/health
	expect_eq "the check on $host" 0 $?
done
run user ssh three nsshim doctor -p ranks --json
expect_eq 'doctor: exit status' 1 "$RC"
expect_eq 'doctor' bad "$(python3 -c 'import json, sys; print(*{f["state"] for f in json.load(sys.stdin) if f["name"] == "[srun]"})' <<<"$OUT")"
exit "$FAILED"

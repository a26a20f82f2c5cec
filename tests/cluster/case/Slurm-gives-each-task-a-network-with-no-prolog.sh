#!/bin/bash
. "$(dirname "$0")/../cases.sh"

expect_eq 'a prolog' '' "$(scontrol show config | grep -E '^(Prolog|TaskProlog|SrunProlog|PrologSlurmctld) ' | grep -v '= (null)$')"
srun=(srun --quiet -N 2 -n 4 --ntasks-per-node=2 --immediate=60)
tasks "${srun[@]}" ./task tried 2
expect_none_own 'srun without the library'
tasks "${srun[@]}" "--export=ALL,LD_PRELOAD=$PRELOAD,NSSHIM_PROFILE=ranks" ./task tried 2
expect_each_own 'srun --export'
tasks "${srun[@]}" nsshim exec -p ranks ./task tried 2
expect_each_own 'srun nsshim exec'

# A job by its script, which is no task: it stays where it can start them.
job() { # LINE
	printf '#!/bin/sh\n%s\n' 'echo script $(hostname) $(readlink /proc/self/ns/net)' "$1" >job
	tasks sbatch --quiet --wait -N 2 -n 4 --ntasks-per-node=2 --output=out ./job
	OUT=$(cat out)
	TASKS=$(grep -E '^(one|two) net:' <<<"$OUT")
	expect_eq "$1: the script" "script one $(host_net one)" "$(grep '^script' <<<"$OUT")"
}
job "srun nsshim exec -p ranks ./task tried 2"
expect_each_own 'sbatch, srun nsshim exec'
job "export LD_PRELOAD=$PRELOAD NSSHIM_PROFILE=ranks; srun ./task tried 2; hostname; readlink /proc/self/ns/net"
expect_each_own 'sbatch, the variables in its script'
expect_eq 'what the script runs that is no task' "$(host_net one)" "$(tail -n 1 <<<"$OUT")"
tasks sbatch --quiet --wait -N 2 -n 4 --ntasks-per-node=2 --output=out "--export=ALL,LD_PRELOAD=$PRELOAD,NSSHIM_PROFILE=ranks" ./job
OUT=$(cat out)
TASKS=$(grep -E '^(one|two) net:' <<<"$OUT")
expect_each_own 'sbatch --export'
expect_eq 'sbatch --export: the script' "script one $(host_net one)" "$(grep '^script' <<<"$OUT")"

# A job that is cancelled leaves no task.
user "${srun[@]}" nsshim exec -p ranks sleep 1000 >cancelled 2>&1 &
for ((i = 0; i < 200; i++)); do
	[ "$(on one pgrep -c -u user -x sleep)" != 2 ] || break
	sleep 0.05
done
expect_eq 'tasks before it is cancelled' 2 "$(on one pgrep -c -u user -x sleep)"
scancel -u user
wait $!
for ((i = 0; i < 200; i++)); do
	[ -n "$(on one pgrep -u user; on two pgrep -u user)" ] || break
	sleep 0.05
done
expect_eq 'what is left of a job that was cancelled' '' "$(on one pgrep -u user -a; on two pgrep -u user -a)"
exit "$FAILED"

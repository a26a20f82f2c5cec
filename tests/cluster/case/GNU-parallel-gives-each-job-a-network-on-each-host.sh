#!/bin/bash
. "$(dirname "$0")/../cases.sh"

# The input, {}, is no argument of the task.
jobs() { # PARALLEL... -- WORDS...: what stands before the task
	local parallel=()
	while [ "$1" != -- ]; do parallel+=("$1") && shift; done
	tasks "${parallel[@]}" --sshlogin 2/one,2/two "cd $T && ${*:2} ./task tried 2 '#' {}" ::: 1 2 3 4
}
jobs parallel --
expect_none_own 'without the library'
jobs parallel -- LD_PRELOAD=$PRELOAD NSSHIM_PROFILE=ranks
expect_each_own 'the variables in the command'
jobs parallel -- nsshim exec -p ranks
expect_each_own 'nsshim exec'
jobs env NSSHIM_PROFILE=ranks parallel --env NSSHIM_PROFILE -- LD_PRELOAD=$PRELOAD
expect_each_own '--env, of a parallel that is not wrapped'

# Wrapped itself, on this host, its jobs are tasks; with others, ssh is one, which cannot go anywhere.
run user timeout 60 env LD_PRELOAD=$PRELOAD NSSHIM_PROFILE=ranks parallel -j 4 ./task tried/ 4 '#' ::: 1 2 3 4
expect_eq 'on this host' $'front served\nfront served\nfront served\nfront served' "$(cut -d ' ' -f 1,3 <<<"$OUT")"
expect_eq 'on this host: how many networks' 4 "$(cut -d ' ' -f 2 <<<"$OUT" | sort -u | wc -l)"
jobs env LD_PRELOAD=$PRELOAD NSSHIM_PROFILE=ranks parallel --
expect_eq 'wrapped, with hosts' 4 "$(grep -c 'Network is unreachable' <<<"$ERR")"
expect_eq 'wrapped, with hosts: what ran' '' "$TASKS"
exit "$FAILED"

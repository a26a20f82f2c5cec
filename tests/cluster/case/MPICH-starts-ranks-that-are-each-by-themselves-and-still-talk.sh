#!/bin/bash
. "$(dirname "$0")/../cases.sh"

mpirun=(mpiexec.hydra -hosts 'one:2,two:2' -n 4)
tasks "${mpirun[@]}" -env LD_PRELOAD $PRELOAD -env NSSHIM_PROFILE ranks ./task tried 2
expect_each_own 'mpiexec -env'
tasks "${mpirun[@]}" nsshim exec -p ranks ./task tried 2
expect_each_own 'mpiexec nsshim exec'

mkdir mpi
mpicc.mpich -O1 -o mpi/ring "$W/tests/cluster/ring.c"
ring mpi/ring /tmp/file
expect_eq 'a file that all want, without the library' 2 "$(grep -c ' mine$' <<<"$OUT")"
on one rm /tmp/file && on two rm /tmp/file
for how in "-env LD_PRELOAD $PRELOAD -env NSSHIM_PROFILE ranks" 'nsshim exec -p ranks'; do
	# shellcheck disable=SC2086 # words on purpose
	ring $how mpi/ring /tmp/file
	expect_own_files "$how"
done
exit "$FAILED"

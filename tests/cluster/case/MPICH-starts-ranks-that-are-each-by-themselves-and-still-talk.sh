#!/bin/bash
. "$(dirname "$0")/../cases.sh"

mpirun=(mpiexec.hydra -hosts 'one:2,two:2' -n 4)
tasks "${mpirun[@]}" -env LD_PRELOAD $PRELOAD -env NSSHIM_PROFILE ranks ./task tried 2
expect_each_own 'mpiexec -env'
tasks "${mpirun[@]}" nsshim exec -p ranks ./task tried 2
expect_each_own 'mpiexec nsshim exec'

mkdir mpi
mpicc.mpich -O1 -o mpi/ring "$W/tests/cluster/ring.c"
expect_own_files "-env LD_PRELOAD $PRELOAD -env NSSHIM_PROFILE ranks" 'nsshim exec -p ranks'
exit "$FAILED"

#!/bin/bash
. "$(dirname "$0")/../cases.sh"

mpiexec=(mpiexec.hydra -hosts 'one:2,two:2' -n 4)
tasks "${mpiexec[@]}" -env LD_PRELOAD $PRELOAD -env NSSHIM_PROFILE ranks ./task tried 2
expect_each_own 'mpiexec -env'
tasks "${mpiexec[@]}" nsshim exec -p ranks ./task tried 2
expect_each_own 'mpiexec nsshim exec'
exit "$FAILED"

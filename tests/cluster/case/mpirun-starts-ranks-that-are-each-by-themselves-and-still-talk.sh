#!/bin/bash
. "$(dirname "$0")/../cases.sh"

mpirun=(mpirun.openmpi --host 'one:2,two:2')
tasks "${mpirun[@]}" ./task tried 2
expect_none_own 'mpirun without the library'
tasks "${mpirun[@]}" -x LD_PRELOAD=$PRELOAD -x NSSHIM_PROFILE=ranks ./task tried 2
expect_each_own 'mpirun -x'
tasks "${mpirun[@]}" nsshim exec -p ranks ./task tried 2
expect_each_own 'mpirun nsshim exec'

# Ranks that talk: what is each one's own is its IPC and /tmp, what they talk by is the host's. Open
# MPI's own files are elsewhere then, and nobody reads another's memory.
mkdir mpi bin
mpicc.openmpi -O1 -o mpi/ring "$W/tests/cluster/ring.c"
cp mpi/ring bin/ring
mpirun+=(--mca orte_tmpdir_base /var/tmp --mca btl_vader_single_copy_mechanism none)
ring() { # ARGUMENT...
	run user timeout 60 "${mpirun[@]}" "$@"
	expect_eq "$*: exit status" 0 "$RC"
	expect_eq "$*: what they passed on" $'one 1\none 6\ntwo 3\ntwo 6' "$(grep -E '^(one|two) [0-9]' <<<"$OUT" | cut -d ' ' -f 1,2 | sort)"
	expect_eq "$*: in the network of their hosts" 4 "$(grep -cF "$HOST_NETS" <<<"$OUT")"
	expect_eq "$*: network of one host" 1 "$(grep -E '^one [0-9]' <<<"$OUT" | cut -d ' ' -f 3 | sort -u | wc -l)"
}
ring mpi/ring /tmp/file
expect_eq 'a file that all want, without the library' 2 "$(grep -c ' mine$' <<<"$OUT")"
expect_eq 'IPC without the library' 2 "$(cut -d ' ' -f 4 <<<"$OUT" | sort -u | wc -l)"
on one rm /tmp/file && on two rm /tmp/file
for how in "-x LD_PRELOAD=$PRELOAD -x NSSHIM_PROFILE=ranks" 'nsshim exec -p ranks'; do
	# shellcheck disable=SC2086 # words on purpose
	ring $how mpi/ring /tmp/file
	expect_eq "$how: a file that all want" 4 "$(grep -c ' mine$' <<<"$OUT")"
	expect_eq "$how: IPC" 4 "$(cut -d ' ' -f 4 <<<"$OUT" | sort -u | wc -l)"
done
run user timeout 60 mpirun.openmpi --host one:2,two:2 --mca orte_tmpdir_base /var/tmp nsshim exec -p ranks mpi/ring
expect_eq 'whose memory is not read: exit status' 0 "$RC"
expect_like 'whose memory is not read' 'available due to different user namespaces' "$ERR"
on one test -e /tmp/file && fail 'a file of a rank is in the /tmp of its host'

# The ranks stay outside altogether, and what each starts has a network: the rule that is built in.
tasks "${mpirun[@]}" -x LD_PRELOAD=$PRELOAD mpi/ring /tmp/file './task tried 2'
expect_each_own 'what a rank starts'
expect_eq 'the rank that starts it' 4 "$(grep -E '^(one|two) [0-9]' <<<"$OUT" | grep -cF "$HOST_NETS")"

# A rank of MPI with a network of its own does not find what has started it, and says so.
run user timeout 60 "${mpirun[@]}" -x LD_PRELOAD=$PRELOAD -x NSSHIM_PROFILE=ranks bin/ring
expect_eq 'a rank that cannot talk: exit status' 1 "$RC"
expect_like 'a rank that cannot talk' 'An error occurred in MPI_Init' "$ERR$OUT"
exit "$FAILED"

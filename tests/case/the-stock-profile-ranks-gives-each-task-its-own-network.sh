#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# As mpirun, mpiexec, srun and GNU parallel start them; make cluster tries these themselves.
use_stock ranks
work=$(mktemp -d /var/tmp/nsshim-ranks.XXXXXX) || exit 1
trap 'rm -rf --one-file-system "$work"; leave' EXIT
mkdir "$work/tried" "$work/mpi" && cp "$TESTS/cluster/task" "$state" "$work" && cp "$state" "$work/mpi" && cd "$work" || exit 1

# Two want one port, and the same file.
two() { # COMMAND...
	local one
	rm -f tried/* "/tmp/nsshim-ranks-$$"
	"$@" ./task tried 2 >one 2>&1 &
	one=$!
	run "$@" ./task tried 2
	wait $one
	RC=$?/$RC
	OUT=$(cut -d ' ' -f 3 <<<"$OUT"$'\n'"$(cat one)" | sort | xargs)
}
two env SLURM_STEP_ID=0
expect_like 'without the profile' 'taken$' "$OUT"
for variable in OMPI_COMM_WORLD_RANK PMI_RANK SLURM_STEP_ID PARALLEL_SEQ; do
	two env "$variable=0" XDG_CONFIG_HOME="$T/config" NSSHIM_PROFILE=ranks LD_PRELOAD="$LIB"
	expect_eq "$variable, by itself" 'served served 0/0' "$OUT $RC"
done
two stock env SLURM_STEP_ID=0
expect_eq 'of who is wrapped' 'served served 0/0' "$OUT $RC"
two env SLURM_STEP_ID=0 XDG_CONFIG_HOME="$T/config" "$NSSHIM" exec -p ranks
expect_eq 'by nsshim exec' 'served served 0/0' "$OUT $RC"

# What none of them has started as a task is outside.
run stock sh -c './state ns:net ns:ipc; :'
expect_eq 'no task' "$(ns_of net) $(ns_of ipc)" "$(xargs <<<"$OUT")"
run stock env SLURM_PROCID=0 SLURM_JOB_ID=1 ./state ns:net
expect_eq 'the script of a job' "$(ns_of net)" "$OUT"

# A task has the ids of outside, lo up, and /tmp and /dev/shm for itself.
run stock env PARALLEL_SEQ=1 sh -c "./state lo ids ns:ipc && touch /tmp/nsshim-ranks-$$ /dev/shm/nsshim-ranks-$$ && ls /tmp /dev/shm | xargs"
expect_eq 'a task: exit status' 0 "$RC"
expect_eq 'a task' "lo up
uid $(id -u) $(id -u) $(id -u)
gid $(id -g) $(id -g) $(id -g)" "$(head -n 3 <<<"$OUT")"
expect_not 'a task: IPC' "$(ns_of ipc)" "$(sed -n 4p <<<"$OUT")"
expect_eq 'a task: its files' "/dev/shm: nsshim-ranks-$$ /tmp: nsshim-ranks-$$" "$(sed 1,4d <<<"$OUT" | xargs)"
for file in "/tmp/nsshim-ranks-$$" "/dev/shm/nsshim-ranks-$$"; do
	[ ! -e "$file" ] || fail "$file of a task is outside"
done
# Not below a /tmp that it does not see.
cd "$T" || exit 1
run stock env PARALLEL_SEQ=1 "$work/state" exit:0
cd "$work" || exit 1
expect_eq 'below /tmp' 126 "$RC"
expect_line 'below /tmp' "$T: No such file or directory"

# A rank of MPI keeps the network and shared memory by which it talks.
run stock env OMPI_COMM_WORLD_RANK=0 PMIX_RANK=0 mpi/state ns:net ns:ipc
expect_eq 'a rank of MPI: network' "$(ns_of net)" "$(head -n 1 <<<"$OUT")"
expect_not 'a rank of MPI: IPC' "$(ns_of ipc)" "$(tail -n 1 <<<"$OUT")"
run stock env OMPI_COMM_WORLD_RANK=0 PMIX_RANK=0 sh -c 'exec mpi/state ns:net'
expect_not 'what is no rank of MPI itself' "$(ns_of net)" "$OUT"

# What is mounted later outside, as an automounter does, comes inside.
cat >waits <<'END_OF_TASK'
#!/bin/sh
touch waits.there
for i in $(seq 500); do [ ! -e home/user ] || { echo mounted; exit; }; sleep 0.02; done
END_OF_TASK
chmod +x waits && mkdir home
run unshare "${OWN[@]}" --mount --propagation shared sh -c '
	PARALLEL_SEQ=1 XDG_CONFIG_HOME="$1/config" NSSHIM_PROFILE=ranks LD_PRELOAD="$2" ./waits &
	for i in $(seq 500); do [ ! -e waits.there ] || break; sleep 0.02; done
	mount -t tmpfs none home && mkdir home/user && wait $!' - "$T" "$LIB"
expect_eq 'what is mounted later' mounted "$OUT"
expect_silent 'what is mounted later'
exit "$FAILED"

#!/bin/bash
. "$(dirname "$0")/../cases.sh"

# As they are, in a home directory, where each host has four tasks at most; the Slurm and MPI of this
# cluster are told by variables how many they start.
mapfile -t line < <(sed -n '/^\.Bd/,/^\.Ed/{ :a; /\\e$/{ N; s/\\e\n\t//; ba; }; /^\(srun\|mpi\|parallel\|ssh\)/p; }' "$W/nsshim-cluster.7")
expect_eq 'how many there are' 13 ${#line[@]}
mkdir home home/mpi && ln -s /home/user/.ssh /home/user/.parallel home
cat >home/task <<'END_OF_TASK'
#!/bin/sh
echo "$(hostname) $(readlink /proc/self/ns/net)"
END_OF_TASK
printf '#!/bin/sh\n./task\n' >home/script
mpicc.openmpi -O1 -o home/mpi/program "$W/tests/cluster/ring.c"
printf 'one slots=2\ntwo slots=2\n' >home/hosts
chmod 755 home/task home/script
# Where ssh and parallel begin on the other hosts.
for file in task script; do cp "home/$file" /home/user; done
cd home || exit 1
for command in "${line[@]}"; do
	run user SLURM_NTASKS=4 SLURM_NNODES=2 OMPI_MCA_orte_default_hostfile=hosts OMPI_MCA_btl_vader_single_copy_mechanism=none \
		timeout 60 bash -c "$command"
	expect_eq "$command: exit status" 0 "$RC"
	expect_silent "$command"
	nets=$(grep -o 'net:\[[0-9]*\]' <<<"$OUT")
	case $command in ssh*) wanted=1 ;; mpiexec*) wanted=2 ;; *) wanted=4 ;; esac
	expect_eq "$command: how many tasks" $wanted "$(wc -l <<<"$nets")"
	case $command in
	*mpi/program*) expect_eq "$command: in the networks of the hosts" 4 "$(grep -cF "$HOST_NETS" <<<"$nets")" ;;
	*) expect_eq "$command: in a host's network" '' "$(grep -F "$HOST_NETS" <<<"$nets")" ;;
	esac
done
rm /home/user/task /home/user/script
exit "$FAILED"

#!/bin/bash
. "$(dirname "$0")/../cases.sh"

# What is wrapped has no NSSHIM_PROFILE: passed on by its name, there is none, and on the other side the
# library has no profile but the one that is for this case.
wrapped=(env "LD_PRELOAD=$PRELOAD" NSSHIM_PROFILE=ranks)
mpirun=(mpirun --host 'one:2,two:2')
srun=(srun --quiet -N 2 -n 4 --ntasks-per-node=2 --immediate=60)
names=(-o 'SendEnv=LD_PRELOAD NSSHIM_PROFILE')
by_name() { # EXPECTATION
	tasks "${wrapped[@]}" "${mpirun[@]}" -x LD_PRELOAD -x NSSHIM_PROFILE ./task tried 2
	"$1" "mpirun -x NAME: $1"
	expect_like 'mpirun says so' 'could not find environment variable "NSSHIM_PROFILE"' "$ERR"
	tasks "${wrapped[@]}" "${srun[@]}" --export=LD_PRELOAD,NSSHIM_PROFILE ./task tried 2
	"$1" "srun --export=NAME: $1"
	expect_silent "srun --export=NAME: $1"
}
by_name expect_none_own
# A profile that leaves alone what goes to another host.
renamed=(env "LD_PRELOAD=$PRELOAD" NSSHIM_PROFILE='match = hostname; uts = new; hostname = inside')
run user "${renamed[@]}" sh -c 'hostname; :'
expect_eq 'on this host' inside "$OUT"
run user "${renamed[@]}" ssh "${names[@]}" one 'hostname; :'
expect_eq 'ssh SendEnv' one "$OUT"
expect_silent 'ssh SendEnv'
run user "${renamed[@]}" parallel --env LD_PRELOAD --env NSSHIM_PROFILE --sshlogin one,two 'hostname; : {}' ::: 1 2
expect_eq 'parallel --env' $'one\ntwo' "$(sort <<<"$OUT")"
expect_silent 'parallel --env'
# A default.ini on the hosts is that one.
for host in one two; do on $host sh -c 'mkdir /etc/nsshim && ln -s /usr/local/share/nsshim/ranks.ini /etc/nsshim/default.ini'; done
by_name expect_each_own
for host in one two; do on $host rm -r /etc/nsshim; done

# What helps: values, whoever passes them; or the whole of the environment, with the mark in it.
tasks "${wrapped[@]}" "${mpirun[@]}" -x LD_PRELOAD=$PRELOAD -x NSSHIM_PROFILE=ranks ./task tried 2
expect_each_own 'mpirun -x NAME=VALUE, of one that is wrapped'
tasks "${wrapped[@]}" "${srun[@]}" ./task tried 2
expect_each_own 'srun, of one that is wrapped'
mkdir /etc/nsshim && cp /usr/local/share/nsshim/ranks.ini /etc/nsshim/here.ini
run user env "LD_PRELOAD=$PRELOAD" NSSHIM_PROFILE=here "${srun[@]}" ./task tried 2
expect_eq 'a profile that is on the first host alone' 125 "$RC"
expect_like 'a profile that is on the first host alone' 'nsshim: .*/etc/nsshim/here.ini: No such file' "$ERR"
rm -r /etc/nsshim
run user ssh -o "SetEnv=LD_PRELOAD=$PRELOAD NSSHIM_PROFILE=untrusted" one 'sh -c "cat /etc/shadow"'
expect_like 'ssh SetEnv' '/etc/shadow: No such file' "$ERR"
run user ssh one "LD_PRELOAD=$PRELOAD NSSHIM_PROFILE=untrusted sh -c 'cat /etc/shadow; :'"
expect_like 'ssh, in the command' '/etc/shadow: No such file' "$ERR"
run user ssh one nsshim exec -p untrusted cat /etc/shadow
expect_like 'ssh nsshim exec' '/etc/shadow: No such file' "$ERR"
exit "$FAILED"

#!/bin/bash
. "$(dirname "$0")/../cases.sh"

# One set a tree: with the mark that is srun's, on each host; without it each task begins its own.
rule='match = task; when = load; net = new; uid_map = self; gid_map = self; share = one'
srun=(srun --quiet -N 2 -n 4 --ntasks-per-node=2 --immediate=60)
tasks env "LD_PRELOAD=$PRELOAD" NSSHIM_PROFILE="$rule" "${srun[@]}" ./task tried 2
expect_eq 'of one tree: who has the port' $'one served\none taken\ntwo served\ntwo taken' "$(sort <<<"$TASKS" | cut -d ' ' -f 1,3 | sort)"
expect_eq 'of one tree: how many networks' 2 "$(cut -d ' ' -f 2 <<<"$TASKS" | sort -u | wc -l)"
expect_eq 'of one tree: in the network of a host' '' "$(grep -F "$HOST_NETS" <<<"$TASKS")"
tasks "${srun[@]}" "--export=ALL,LD_PRELOAD=$PRELOAD,NSSHIM_PROFILE=$rule" ./task tried 2
expect_each_own 'of a tree each'
for ((i = 0; i < 200; i++)); do
	holders=$(on one pgrep -u user -af '^nsshim --hold'; on two pgrep -u user -af '^nsshim --hold')
	[ -n "$holders" ] || break
	sleep 0.05
done
expect_eq 'sets that are left' '' "$holders"
exit "$FAILED"

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

looks=()
for kind in $KINDS; do
	looks+=("ns:$kind")
done

# What the program is to be in: all that the process is in, but for these kinds.
wanted() { # KIND...
	local kind
	for kind in $KINDS; do
		case " $* " in
		*" $kind "*) ns_of "$kind" ;;
		*) ns_of "$kind" "$HELD" ;;
		esac
	done
}

for options in --net '--mount --uts' '--ipc --cgroup --time' '--mount --net --ipc --uts --cgroup' \
	'--user --map-root-user' '--user --map-root-user --mount --net --ipc --uts --cgroup --time'; do
	# shellcheck disable=SC2086 # words on purpose
	case $options in
	--user*) hold $options ;;
	*) hold "${OWN[@]}" $options ;;
	esac
	for way in $WAYS execvp:fork posix_spawnp:direct; do
		run shim "match = state; join = pid:$HELD" "$door" "${way%:*}" "${way#*:}" "$state" "${looks[@]}"
		expect_eq "$options, $way" "$(wanted)" "$OUT"
		expect_eq "$options, $way: exit status" 0 "$RC"
		expect_silent "$options, $way"
	done
done

# Kinds that are named beside it, in whatever way, are not the process's.
for way in $WAYS; do
	run shim "match = state; join = pid:$HELD; net = host; uts = host" "$door" "${way%:*}" "${way#*:}" "$state" "${looks[@]}"
	expect_eq "host beside it, $way" "$(wanted net uts)" "$OUT"
	expect_silent "host beside it, $way"
	run shim "match = state; join = pid:$HELD; ipc = new; time = host" "$door" "${way%:*}" "${way#*:}" "$state" "${looks[@]}"
	expect_eq "new beside it, $way" "$(wanted ipc time | grep -v ipc)" "$(grep -v ipc <<<"$OUT")"
	expect_not "new beside it, $way: ipc" "$(ns_of ipc)" "$(grep ipc <<<"$OUT")"
	expect_not "new beside it, $way: ipc of its own" "$(ns_of ipc "$HELD")" "$(grep ipc <<<"$OUT")"
	expect_silent "new beside it, $way"
done
whole=$HELD
hold "${OWN[@]}" --net
other=$HELD HELD=$whole
# A user joins another's network by that one's user namespace only, which is not this process's.
if [ -n "$ROOT" ]; then
	for way in $WAYS; do
		run shim "match = state; join = pid:$whole; net = pid:$other; mnt = /proc/$other/ns/mnt" \
			"$door" "${way%:*}" "${way#*:}" "$state" "${looks[@]}"
		expect_eq "another's beside it, $way" "$(wanted mnt net | sed "s/^net:.*/$(ns_of net "$other")/")" "$OUT"
		expect_silent "another's beside it, $way"
	done
fi

# All of it in one call.
if command -v strace >/dev/null; then
	for way in execve:fork posix_spawn:direct raw:fork; do
		run env NSSHIM_PROFILE="match = state; join = pid:$whole; time = host" \
			strace -f -o calls -e trace=setns,chroot -E LD_PRELOAD="$LIB" "$door" "${way%:*}" "${way#*:}" "$state" "${looks[@]}"
		expect_eq "traced, $way" "$(wanted time)" "$OUT"
		# By a fresh image the trial makes it too.
		expect_eq "traced, $way: calls of another kind" 1 "$(grep -o 'setns(.*' calls | sort -u | wc -l)"
		for flag in NEWUSER NEWNS NEWNET NEWIPC NEWUTS NEWCGROUP; do
			expect_like "traced, $way" "setns\([0-9]+, .*CLONE_$flag.*= 0" "$(cat calls)"
		done
	done
else
	skip_part 'strace is not installed'
fi

# One that is in nothing else than we are.
sleep 1000 &
HOLDERS+=($!)
for way in $WAYS; do
	run shim "match = state; join = pid:${HOLDERS[-1]}" "$door" "${way%:*}" "${way#*:}" "$state" "${looks[@]}" cwd env:LD_PRELOAD
	expect_eq "nothing differs, $way" "$(ns_of user)
$(for kind in ${KINDS#user }; do ns_of "$kind"; done)
cwd $T
(unset)" "$OUT"
	expect_silent "nothing differs, $way"
done

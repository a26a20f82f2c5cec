#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# A process in a chroot, below a folder that only its mount namespace has.
copy_into tree /bin/sh "$(type -P sleep)" "$state"
mkdir tree/here tree/elsewhere tree/proc only
mv "tree$state" tree/state
printf '#!/none\n' >tree/bad
chmod 755 tree/bad
stand() { # COMMAND...: it comes to execute sleep
	unshare "${OWN[@]}" --mount --net sh -c 'mount -t tmpfs none only && cp -r tree only && mount --rbind /proc only/tree/proc && "$@"' - "$@" &
	HELD=$!
	HOLDERS+=("$HELD")
	await sleep "$HELD"
}
stand exec chroot only/tree sh -c 'cd /here && exec sleep 1000'
join="match = state; match = bad; join = pid:$HELD"
there="$(ns_of mnt "$HELD")
cwd /here
/state"

for way in $WAYS execvp:fork posix_spawnp:direct execvpe:direct; do
	case $way in raw:*) continue ;; esac # it executes what is outside
	run shim "$join" "$door" "${way%:*}" "${way#*:}" /state ns:mnt cwd exe
	expect_eq "$way" "$there" "$OUT"
	expect_silent "$way"
	# What is relative, or looked for, is so inside.
	run shim "$join" "$door" "${way%:*}" "${way#*:}" ../state ns:mnt cwd exe
	expect_eq "$way, a relative path" "$there" "$OUT"
	expect_silent "$way, a relative path"
	run shim "$join; cwd = /elsewhere" "$door" "${way%:*}" "${way#*:}" /state ns:mnt cwd exe
	expect_eq "$way, cwd = /elsewhere" "${there/here/elsewhere}" "$OUT"
	expect_silent "$way, cwd = /elsewhere"
	run shim "$join; cwd = /none" "$door" "${way%:*}" "${way#*:}" /state
	expect_eq "$way, cwd = /none" "${way%:*}: ENOENT outside" "$OUT"
	expect_line "$way, cwd = /none" '^nsshim: \[rule\] mnt: chdir /none: .*the rule.s cwd, is not there inside'
	# Not there, nor its interpreter: found out inside, and the way back leads out of the root.
	for missing in /none/state /bad; do
		run shim "$join" "$door" "${way%:*}" "${way#*:}" "$missing"
		expect_eq "$way, $missing" "${way%:*}: ENOENT outside" "$OUT"
	done
done
for way in raw:fork raw:direct+threads; do
	run shim "$join" "$door" "${way%:*}" "${way#*:}" "$state" ns:mnt cwd exe
	expect_eq "$way" "${there%/state}" "$(sed '$d' <<<"$OUT")"$'\n'
	expect_silent "$way"
done
for entry in execvp execvpe posix_spawnp; do
	PATH=/usr/bin:/bin:/ run shim "$join" "$door" "$entry" direct state ns:mnt cwd exe
	expect_eq "$entry, along PATH" "$there" "${OUT//\/\///}"
	expect_silent "$entry, along PATH"
done

# One whose working directory is not below its root: it would lead to where no name inside does.
stand exec "$(type -P python3)" -c 'import os; os.chroot("only/tree"); os.execv("'"$(type -P sleep)"'", ["sleep", "1000"])'
join="match = state; join = pid:$HELD"
for way in execve:direct execve:fork execve:vfork execve:direct+threads posix_spawn:direct; do
	run shim "$join" "$door" "${way%:*}" "${way#*:}" /state
	expect_eq "$way, outside of its root" "${way%:*}: ENOENT outside" "$OUT"
	expect_line "$way, outside of its root" '^nsshim: \[rule\] mnt: getcwd cwd: .*lies outside its root: give the rule cwd = PATH'
	run shim "$join; cwd = /here" "$door" "${way%:*}" "${way#*:}" /state ns:mnt cwd exe
	expect_eq "$way, with cwd" "$(ns_of mnt "$HELD")
cwd /here
/state" "$OUT"
	expect_silent "$way, with cwd"
done

# One in our own mount namespace, or whose mount namespace is not joined: we stay where we are.
hold_by unshare "${OWN[@]}" --net chroot tree sleep 1000
for way in $WAYS; do
	run shim "match = state; join = pid:$HELD" "$door" "${way%:*}" "${way#*:}" "$state" ns:net cwd exe
	expect_eq "$way, the same mount namespace" "$(ns_of net "$HELD")
cwd $T
$(readlink -f "$state")" "$OUT"
	expect_silent "$way, the same mount namespace"
	run shim "match = state; join = pid:${HOLDERS[0]}; mnt = host" "$door" "${way%:*}" "${way#*:}" "$state" ns:net cwd exe
	expect_eq "$way, mnt = host" "$(ns_of net "${HOLDERS[0]}")
cwd $T
$(readlink -f "$state")" "$OUT"
	expect_silent "$way, mnt = host"
done

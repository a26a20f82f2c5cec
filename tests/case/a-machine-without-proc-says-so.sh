#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

cat >hidden <<'END'
mount -t tmpfs none /proc && mkdir /proc/self && exec "$@"
END
unmounted() {
	unshare "${OWN[@]}" --mount sh "$T/hidden" "$@"
}
host=$("$state" lo)
for rule in 'net = new; loopback = no' 'user = new; net = new; loopback = no' 'mnt = new; net = new; loopback = no'; do
	rules=$(profile "match = state; $rule")
	for way in $WAYS; do
		run unmounted env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$rules" "$door" "${way%:*}" "${way#*:}" "$state" lo
		# Where nothing of /proc is needed, it enters. (Outside, lo is as it is for this test.)
		if [ "$OUT" = 'lo down' ] && [ "$host" != "$OUT" ]; then
			expect_unlike "$rule, $way: maps can be written nowhere else" 'user' "$rule"
			expect_silent "$rule, $way"
			continue
		fi
		expect_line "$rule, $way" '^nsshim: \[rule\] .*/proc/.*: No such file or directory \(ENOENT\): .*/proc'
		expect_unlike "$rule, $way: it did not run" '^lo ' "$OUT"
		expect_not "$rule, $way: exit status" 0 "$RC"
	done
	# What no rule fits needs none.
	run unmounted env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$rules" "$door" posix_spawn direct "$(type -P echo)" ran
	expect_eq "$rule: not matched" ran "$OUT"
	expect_silent "$rule: not matched"
done

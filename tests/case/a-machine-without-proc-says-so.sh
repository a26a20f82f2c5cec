#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

cat >hidden <<'END'
mount -t tmpfs none /proc && mkdir /proc/self && exec "$@"
END
unmounted() {
	unshare "${OWN[@]}" --mount sh "$T/hidden" "$@"
}
for rule in 'net = new; loopback = no' 'user = new; net = new; loopback = no' 'mnt = new'; do
	rules=$(profile "match = state; $rule")
	for way in $WAYS; do
		run unmounted env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$rules" "$door" "${way%:*}" "${way#*:}" "$state" lo
		expect_line "$rule, $way" '^nsshim: \[rule\] .*/proc/.*: No such file or directory \(ENOENT\): .*/proc'
		case $way in
		raw:*) expect_eq "$rule, $way" ' 126' "$OUT $RC" ;;
		*) expect_eq "$rule, $way" "${way%:*}: ENOENT outside" "$OUT" ;;
		esac
	done
	# What no rule fits needs none.
	run unmounted env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$rules" "$door" posix_spawn direct "$(type -P echo)" ran
	expect_eq "$rule: not matched" ran "$OUT"
	expect_silent "$rule: not matched"
done

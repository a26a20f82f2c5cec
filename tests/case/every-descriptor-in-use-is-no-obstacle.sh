#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

hold "${OWN[@]}" --net
join="net = pid:$HELD"
[ -n "$ROOT" ] || join="user = pid:$HELD; $join"
for rule in 'net = new' 'user = new; uts = new; net = new' "$join"; do
	for way in $WAYS; do
		# fexecve and the like need one themselves; the target closes what is close-on-exec.
		run shim "match = state; $rule" "$door" -f "${way%:*}" "${way#*:}" "$state" ns:net rlimits
		expect_like "$rule, $way" '^net:' "$OUT"
		expect_not "$rule, $way: inside" "$(ns_of net)" "$(sed -n 1p <<<"$OUT")"
		expect_like "$rule, $way: the limit" $'\n''rlimit 7 64 ' "$OUT"
		expect_silent "$rule, $way"
	done
done
# The hard limit too: it fails as what it is, or succeeds; nothing runs outside.
for way in $WAYS; do
	run shim 'match = state; user = new; net = new' prlimit --nofile=64:64 "$door" -f "${way%:*}" "${way#*:}" "$state" ns:net
	case $OUT in
	"$(ns_of net)") fail "the hard limit, $way: it ran outside" ;;
	net:*) expect_silent "the hard limit, $way" ;;
	*)
		expect_line "the hard limit, $way" '^nsshim: \[rule\] .*\(EMFILE\): .*(RLIMIT_NOFILE|ulimit -n)'
		# Half inside a user namespace, there is no way back.
		[ "$RC" = 126 ] || expect_eq "the hard limit, $way" "${way%:*}: EMFILE outside" "$OUT"
		;;
	esac
done

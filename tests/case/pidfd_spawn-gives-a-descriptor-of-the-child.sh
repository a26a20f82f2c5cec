#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# The library has both, whatever libc has: who finds them by name (Rust does) may use them.
printf 'exit 3\n' >text
chmod 755 text
for entry in pidfd_spawn pidfd_spawnp; do
	for rule in 'match = /none/*; net = new' 'match = state; net = new'; do
		run shim "$rule" "$PROG/pidfd" $entry "$state" ns:net exit:7
		expect_eq "$entry, $rule: the end" "$entry: status 7" "$(sed -n 2p <<<"$OUT")"
		inside=$(sed -n 1p <<<"$OUT")
		case $rule in
		*none*) expect_eq "$entry: outside" "$(ns_of net)" "$inside" ;;
		*) expect_not "$entry: inside" "$(ns_of net)" "$inside" ;;
		esac
		expect_silent "$entry, $rule"
	done

	# The descriptor is no other program's, and no child is left where none was started.
	run shim 'net = new' "$PROG/pidfd" $entry "$T/none"
	expect_eq "$entry: missing" "$entry: ENOENT" "$OUT"
	expect_silent "$entry: missing"
	run shim 'net = new' "$PROG/pidfd" $entry "$T/text"
	expect_eq "$entry: no program" "$entry: ENOEXEC" "$OUT"
	expect_silent "$entry: no program"
	run shim 'net = path' "$PROG/pidfd" $entry "$state"
	expect_eq "$entry: a bad profile" 125 "$RC"
	run shim 'net = /none' "$PROG/pidfd" $entry "$state"
	expect_eq "$entry: a failed entry" "$entry: ENOENT" "$OUT"
	expect_line "$entry: a failed entry" '^nsshim: \[rule\] net: open /none: .*ENOENT'
done

# A filter, or an old kernel, without clone3.
if command -v strace >/dev/null; then
	file=$(profile 'match = state; net = new')
	run strace --seccomp-bpf -qqfo trace -e trace=clone3 -e inject=clone3:error=ENOSYS \
		-E LD_PRELOAD="$LIB" -E NSSHIM_PROFILE="$file" "$PROG/pidfd" pidfd_spawn "$state" exit:7
	expect_eq "without clone3" "pidfd_spawn: status 7" "$OUT"
	grep -q INJECTED trace || fail "clone3 is not called"
else
	skip_part "no strace: pidfd_spawn without clone3"
fi

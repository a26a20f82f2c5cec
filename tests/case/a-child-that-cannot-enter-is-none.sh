#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

children=$PROG/children
rule="match = children; when = fork; net = $T/missing"
# fork's own failure: -1 and errno, no child, and all else as it was (children looks).
for entry in fork __fork _Fork; do
	run shim "$rule" "$children" $entry
	expect_eq "$entry" "$entry: ENOENT"$'\n'"$entry: 0 children, 0 networks, 0 of them its parent's" "$OUT"
	expect_line "$entry" "^nsshim: \[rule\] net: open $T/missing: .*ENOENT"
	for option in -i -f '-t 4'; do
		# shellcheck disable=SC2086 # words
		run shim "$rule" "$children" $entry $option
		expect_like "$entry $option" "$entry: 0 children, 0 networks, 0 of them its parent's\$" "$OUT"
		expect_eq "$entry $option: status" 0 "$RC"
	done
	run shim "$rule; on_error = continue" "$children" $entry -n 2
	expect_eq "$entry, on_error = continue" "$entry: 2 children, 1 networks, 2 of them its parent's" "$OUT"
	expect_eq "$entry, on_error = continue: lines" 2 "$(grep -c 'ENOENT.*executed outside$' <<<"$ERR")"
	NSSHIM_LOG=off run shim "$rule" "$children" $entry
	expect_silent "$entry, off"
	# In the middle of an entry: the child ends, whatever it has entered.
	run shim "match = children; when = fork; user = new; net = new; cwd = $T/missing" "$children" $entry
	expect_eq "$entry, half entered" "$entry: ENOENT"$'\n'"$entry: 0 children, 0 networks, 0 of them its parent's" "$OUT"
	expect_line "$entry, half entered" "^nsshim: \[rule\] chdir $T/missing: .*ENOENT.*cwd"
	run shim "match = children; when = fork; user = new; net = new; cwd = $T/missing; on_error = continue" "$children" $entry
	expect_like "$entry, half entered, on_error = continue" "$entry: 0 children" "$OUT"
done
# vfork's child is told at its exec.
run shim "$rule" "$children" vfork
expect_eq 'vfork' "vfork: ENOENT"$'\n'"vfork: 0 children, 0 networks, 0 of them its parent's" "$OUT"
run shim "match = door; when = fork; net = $T/missing" "$door" posix_spawn direct "$state" args
expect_eq 'posix_spawn' 'posix_spawn: ENOENT outside' "$OUT"
expect_line 'posix_spawn' "^nsshim: \[rule\] net: open"

# A limit on processes is libc's own errno, and no line.
if [ -z "$ROOT" ]; then
	run shim 'match = children; when = fork; net = new' bash -c "ulimit -u 1; exec '$children' fork"
	expect_like 'no more processes' '^fork: EAGAIN' "$OUT"
fi
# A program that would not load the library has no children that enter: it is not executed.
cat >quiet.c <<'END_OF'
int main(void)
{
	return 3;
}
END_OF
cc -static -o quiet quiet.c || exit 1
for entry in execve posix_spawn; do
	run shim 'match = quiet; when = fork; net = new' "$door" $entry fork "$T/quiet"
	expect_eq "$entry: static" "$entry: ENOTSUP outside" "${OUT/EOPNOTSUPP/ENOTSUP}"
	expect_line "$entry: static" '^nsshim: \[rule\] load /.*/quiet: .*would not load the library'
	run shim 'match = quiet; when = fork; net = new; on_error = continue' "$door" $entry fork "$T/quiet"
	expect_eq "$entry: static, on_error = continue" 3 "$RC"
	run shim 'match = gone; when = fork; net = new' "$door" $entry fork "$T/gone"
	expect_eq "$entry: not there" "$entry: ENOENT outside" "$OUT"
	expect_silent "$entry: not there"
done
# Only who makes a child can place it, with capabilities.
rule='match = children; when = fork; pid = new; mnt = new'
[ -z "$ROOT" ] || rule+='; user = new'
run shim "$rule" "$children" fork
expect_like 'pid' '^fork: EPERM' "$OUT"
expect_line 'pid' '^nsshim: \[rule\] pid: setns: .*: (children that only fork|to place children)'

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

mkdir -p "$T/here/deeper" "$T/other"
echo host >"$T/here/deeper/mark"
hold_by unshare "${OWN[@]}" --mount sh -c 'mount -t tmpfs none "$1/here" && mkdir "$1/here/deeper" &&
	echo inside >"$1/here/deeper/mark" && mount -t tmpfs none "$1/other" && exec sleep 1000' - "$T"
held=$HELD
join="mnt = pid:$held"
[ -n "$ROOT" ] || join="user = pid:$held; $join"
mkdir "$T/other/below"

for way in $WAYS; do
	cd "$T/here/deeper" || exit 1
	run shim "match = state; $join" "$door" "${way%:*}" "${way#*:}" "$state" cwd open:mark
	expect_eq "$way: the same name" "cwd $T/here/deeper"$'\n''open ok' "$OUT"
	expect_silent "$way: the same name"

	# tmpfs has no `below`: it must not run anywhere else.
	cd "$T/other/below" || exit 1
	run shim "match = state; $join" "$door" "${way%:*}" "${way#*:}" "$state" cwd
	expect_line "$way: not there inside" "^nsshim: \[rule\] .*chdir $T/other/below: No such file or directory \(ENOENT\): .*cwd ?="
	expect_unlike "$way: not there inside" cwd "$OUT"
	expect_not "$way: not there inside" 0 "$RC"

	run shim "match = state; $join; cwd = /usr" "$door" "${way%:*}" "${way#*:}" "$state" cwd
	expect_eq "$way: cwd = /usr" 'cwd /usr' "$OUT"
	expect_silent "$way: cwd = /usr"
done
cd "$T/here/deeper" || exit 1
run inside "$join" cat mark
expect_eq 'the file is that of the joined namespace' inside "$OUT"

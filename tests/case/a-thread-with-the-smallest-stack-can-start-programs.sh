#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

hold "${OWN[@]}" --net
join="net = pid:$HELD"
[ -n "$ROOT" ] || join="user = pid:$HELD; $join"
mkdir -p "$T/a/rather/long/path/of/folders"
cp "$state" "$T/a/rather/long/path/of/folders/state"
for count in 1 500 4000; do
	# shellcheck disable=SC2046 # words on purpose
	export $(seq -f 'V_%.0f=of_some_length' $count)
	for rule in 'net = new' 'user = new; uts = new; net = new; uid_map = self' "$join" \
		"match = */a/rather/*/state; net = new"; do
		for way in execve:vfork+tiny execvp:vfork+tiny execl:vfork+tiny execveat-dirfd:vfork+tiny \
			execve:fork+tiny posix_spawn:direct+tiny posix_spawnp:direct+tiny; do
			run shim "match = state; $rule" "$door" "${way%:*}" "${way#*:}" \
				"$T/a/rather/long/path/of/folders/state" ns:net
			expect_like "$count variables, $rule, $way" '^net:' "$OUT"
			expect_not "$count variables, $rule, $way" "$(ns_of net)" "$OUT"
			expect_silent "$count variables, $rule, $way"
		done
	done
	# What fails there says so.
	run shim "match = state; net = $T/missing" "$door" execve vfork+tiny "$state"
	expect_line "$count variables, a failure" "^nsshim: .*ENOENT"
done

# The longest ways: along PATH, joined by a trial and a fresh image, mapped by the helper.
hold --user --map-root-user --net --mount
PATH=$T/a/rather/long/path/of/folders:$PATH
rules=("user = pid:$HELD; net = pid:$HELD" "user = pid:$HELD; net = pid:$HELD; mnt = pid:$HELD")
[ -z "$ROOT" ] || rules+=('net = new; user = new; uid_map = 0 0 10; gid_map = 0 0 10')
for count in 1 300; do
	# shellcheck disable=SC2046 # words on purpose
	export $(seq -f 'W_%.0f=x' $count)
	for rule in "${rules[@]}"; do
		for way in execvp:vfork+tiny execvp:fork+tiny execvp:direct+tiny posix_spawnp:direct+tiny; do
			for log in error debug; do
				NSSHIM_LOG=$log run shim "match = state; $rule" "$door" "${way%:*}" "${way#*:}" \
					state ns:net
				expect_like "$count variables, $rule, $way, $log" '^net:' "$OUT"
				expect_not "$count variables, $rule, $way, $log" "$(ns_of net)" "$OUT"
			done
		done
	done
done

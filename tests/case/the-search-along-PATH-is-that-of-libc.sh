#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

mkdir a b c
printf 'no program\n' >a/prog
chmod 644 a/prog
cp "$state" b/prog
printf '#!/bin/sh\necho the wrong one\n' >c/prog
chmod 755 c/prog
printf 'x' >file

host=$(ns_of net)
for entry in execvp execvpe execlp posix_spawnp; do
	for mode in direct fork vfork direct+threads; do
		case $entry,$mode in posix_spawn*,vfork) continue ;; esac
		export PATH=$T/none:$T/file:$T/a:$T/b:$T/c:/usr/bin:/bin
		for rule in 'match = prog' "match = $T/b/prog" "match = */b/prog"; do
			run shim "$rule; net = new" "$door" $entry $mode prog exe ns:net
			expect_eq "$entry, $mode, $rule: which one" "$T/b/prog" "$(sed -n 1p <<<"$OUT")"
			expect_not "$entry, $mode, $rule: inside" "$host" "$(sed -n 2p <<<"$OUT")"
			expect_silent "$entry, $mode, $rule"
		done
		# A rule for one that is passed over, or that comes later, is no rule for the one that runs.
		for rule in "match = $T/a/prog" "match = $T/c/prog"; do
			run shim "$rule; net = new" "$door" $entry $mode prog exe ns:net
			expect_eq "$entry, $mode, $rule: outside" "$T/b/prog"$'\n'"$host" "$OUT"
		done
		# EACCES is remembered, ENOENT is not.
		for path in "$T/a:$T/none" "$T/none:$T/a" "$T/none:$T/file" ""; do
			export PATH=$path
			wanted=$("$door" $entry $mode prog)
			run shim 'net = new' "$door" $entry $mode prog
			PATH=/usr/bin:/bin
			expect_eq "$entry, $mode, PATH=$path" "$wanted" "$(cat "$T/.out")"
			expect_eq "$entry, $mode, PATH=$path: no line" '' "$(cat "$T/.err")"
		done
		# The empty part is the working directory, and a slash is no search.
		cp "$state" here
		export PATH=$T/none::/usr/bin:/bin
		run shim "match = $T/here; net = new" "$door" $entry $mode here ns:net
		expect_like "$entry, $mode: the empty part" '^net:' "$OUT"
		expect_not "$entry, $mode: the empty part" "$host" "$OUT"
		export PATH=$T/none:/usr/bin:/bin
		run shim "match = $T/here; net = new" "$door" $entry $mode ./here ns:net
		expect_not "$entry, $mode: ./here" "$host" "$OUT"
		expect_silent "$entry, $mode: ./here"
	done
done

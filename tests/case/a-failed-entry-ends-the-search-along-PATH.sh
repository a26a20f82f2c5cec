#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

mkdir a b
cp "$state" a/prog
cp "$state" b/prog
export PATH=$T/a:$T/b:/usr/bin:/bin
# Three errnos that the search would pass over, of a file that is not there, of a folder that is
# none, and one that stops it anyway.
printf 'x' >file
mkdir shut
chmod 0 shut
for path in "$T/no-such-ns" "$T/file/x" "$T/shut/x"; do
	[ -n "$ROOT" ] && [ "$path" = "$T/shut/x" ] && continue
	for entry in execvp execvpe execlp posix_spawnp; do
		for mode in direct fork vfork direct+threads; do
			case $entry,$mode in posix_spawn*,vfork) continue ;; esac
			run shim "match = $T/a/prog; net = $path" "$door" $entry $mode prog exe
			case $path in
			*/no-such-ns) wanted=ENOENT ;;
			*/file/x) wanted=ENOTDIR ;;
			*) wanted=EACCES ;;
			esac
			expect_eq "$path, $entry, $mode" "$entry: $wanted outside" "$OUT"
			expect_line "$path, $entry, $mode" "^nsshim: \[rule\] net: .*$path: .*\($wanted\)"
		done
	done
done

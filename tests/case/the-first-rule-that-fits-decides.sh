#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

mkdir -p dir/sub
cp "$state" dir/prog
cp "$state" dir/sub/other
ln -s prog dir/link
ln -s dir way
text='
[by-path]
match = '$T'/dir/prog
net = new
[by-name]
match = prog
match = oth*
except = *oth?r
ipc = new
[stars]
match = */sub/*
uts = new
[none]
match = nobody
mnt = new
[empty]
match = sleeper
[rest]
match = *
except = */env
except = [a-d]*
except = readlink
cgroup = new'

rule_of() { # WANTED FILE [COMMAND...]
	local wanted=$1 file=$2 got=none kind
	shift 2
	for way in execve:fork execve:direct+threads posix_spawn:direct raw:fork; do
		run shim "$text" "$door" "${way%:*}" "${way#*:}" "$file" ns:net ns:ipc ns:uts ns:mnt ns:cgroup
		got=
		for kind in net:by-path ipc:by-name uts:stars mnt:none cgroup:rest; do
			grep -qxF "$(ns_of "${kind%:*}")" <<<"$OUT" || got="$got${kind#*:}"
		done
		expect_eq "$file, $way" "$wanted" "${got:-outside}"
		expect_silent "$file, $way"
	done
}
rule_of by-path "$T/dir/prog"
# A pattern with a slash fits the absolute path as given, ...
rule_of by-path dir/prog
rule_of by-path ./dir/prog
# ... or the resolved one, where its last component fits.
rule_of by-path "$T/way/prog"
rule_of by-path way/prog
# The link is called otherwise, so that pattern is not for it; `*` is.
rule_of rest "$T/dir/link"
# An exception sends one on to the next rule.
rule_of stars "$T/dir/sub/other"
cp "$state" sleeper
rule_of outside "$T/sleeper"
cp "$state" bird
rule_of outside "$T/bird"
cp "$state" zebra
rule_of rest "$T/zebra"
cp "$state" env
rule_of outside "$T/env"

# On a merged /usr both names are one file.
if [ -L /bin ]; then
	run shim 'match = /bin/readlink; net = new' env /usr/bin/readlink /proc/self/ns/net
	expect_not '/bin/readlink, /usr/bin/readlink executed' "$(ns_of net)" "$OUT"
	run shim 'match = /usr/bin/readlink; net = new' env /bin/readlink /proc/self/ns/net
	expect_not '/usr/bin/readlink, /bin/readlink executed' "$(ns_of net)" "$OUT"
else
	skip_part '/bin is no link on this machine'
fi
# A script is judged by its own path, not by its interpreter's.
printf '#!%s ns:net\n' "$state" >script
chmod 755 script
for way in execve:fork posix_spawn:direct execvp:vfork raw:fork; do
	run shim 'match = state; net = new' "$door" "${way%:*}" "${way#*:}" "$T/script"
	expect_eq "the interpreter, $way" "$(ns_of net)" "$(sed -n 1p <<<"$OUT")"
	run shim 'match = script; net = new' "$door" "${way%:*}" "${way#*:}" "$T/script"
	expect_like "the script, $way" '^net:' "$OUT"
	expect_not "the script, $way" "$(ns_of net)" "$(sed -n 1p <<<"$OUT")"
done
for mode in direct fork vfork; do
	run shim "match = $T/dir/prog; net = new" "$door" execveat-dirfd $mode "$T/dir/prog" ns:net
	expect_not "relative to a descriptor, $mode" "$(ns_of net)" "$OUT"
	run shim "match = $T/prog; net = new" "$door" execveat-dirfd $mode "$T/dir/prog" ns:net
	expect_eq "relative to a descriptor, $mode, not to the working directory" "$(ns_of net)" "$OUT"
done
# A descriptor's file is what counts, not the path of the descriptor.
for entry in fexecve execveat-empty; do
	for mode in direct fork vfork; do
		run shim "match = $T/dir/prog; net = new" "$door" $entry $mode "$T/way/prog" ns:net
		expect_not "$entry, $mode" "$(ns_of net)" "$OUT"
		run shim "match = [0-9]; match = fd; net = new" "$door" $entry $mode "$T/way/prog" ns:net
		expect_eq "$entry, $mode, its number" "$(ns_of net)" "$OUT"
	done
done

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# Below this folder nothing of a path has a special meaning by accident. The rows are read from the
# manual page's tables: PATTERN, then what it fits, and what it does not fit.
mkdir -p "$T/d/e"
host=$(ns_of uts)
asked() { # PATTERN FILE: is inside, or outside, by both ways
	local way got=
	printf '[r]\nmatch = %s\nuts = new\n' "$1" >"$T/p.ini"
	[ -e "$2" ] || cp "$state" "$2" || exit 1
	# Bash has called setlocale(3).
	for way in posix_spawn bash; do
		case $way in
		bash) run env LC_ALL=C.UTF-8 LD_PRELOAD="$LIB" NSSHIM_PROFILE="$T/p.ini" bash -c '"$0" ns:uts; :' "$2" ;;
		*) run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$T/p.ini" "$door" $way direct "$2" ns:uts ;;
		esac
		expect_silent "$1, $2, $way"
		expect_like "$1, $2, $way" '^uts:' "$OUT"
		[ "$OUT" = "$host" ] && got="$got out" || got="$got in"
	done
	GOT=$got
}
fits() { # PATTERN NAME...: names of files in d/e, or paths
	local pattern=$1 name
	shift
	for name; do
		asked "$pattern" "$(path "$name")"
		expect_eq "$pattern fits $name" ' in in' "$GOT"
	done
}
not() { # PATTERN NAME...
	local pattern=$1 name
	shift
	for name; do
		asked "$pattern" "$(path "$name")"
		expect_eq "$pattern does not fit $name" ' out out' "$GOT"
	done
}
path() {
	case $1 in /*) echo "$1" ;; *) echo "$T/d/e/$1" ;; esac
}

fits '*' a
fits 'a*c' ac abc a.c
not 'a*c' abcd bac
fits '*/d/*' a
fits "$T*b" b
fits "$T/?/e/b" b
fits "$T/d?e/b" b
fits 'a?c' abc
not 'a?c' ac
# Bytes: one letter of UTF-8 is two, in whatever locale.
fits '??' $'\xc3\xa4'
not '?' $'\xc3\xa4'
fits $'[\xc3]?' $'\xc3\xa4'
not '[[:alpha:]]*' $'\xc3\xa4'
not $'[\xc3\xa4]' $'\xc3\xa4'
fits '[abc]' a c
not '[abc]' d A
fits '[a-f]' a c f
not '[a-f]' g B
fits $'[a-\xff]?' $'\xc3\xa4'
fits '[[:digit:]]x' 0x 9x
not '[[:digit:]]x' ax
fits '[[:upper:][:space:]]' A ' '
not '[[:upper:][:space:]]' a
fits '[!a-f]' g -
not '[!a-f]' a f
fits '[^a-f]' g -
not '[^a-f]' a f
fits '[]a]' ']' a
not '[]a]' b
fits '[!]a]' b
not '[!]a]' ']'
fits '[a-]' - a
fits '\*' '*'
not '\*' a
fits '\?x' '?x'
not '\?x' ax
fits '\[a]' '[a]'
not '\[a]' a
fits '[\]]' ']'
fits '\a' a
fits '[' '['
fits '[a' '[a'
not '[a' a
fits 'x[!' 'x['\!
fits '*' .a
fits '?a' .a
fits '[.]a' .a
fits '.a' .a
fits '{a,b}' '{a,b}'
not '{a,b}' a
fits '~' \~
fits '@(a|b)' '@(a|b)'
not '@(a|b)' a
# The last component of the path as it was spelled, not of the file; a slash in the pattern looks
# at the absolute path, and resolves links where the part after its last slash fits that component.
ln -s e "$T/d/way"
ln -s a "$T/d/e/name"
ln -s a "$T/d/e/nick"
fits name name
not a "$T/d/e/name"
not name a
fits "$T/d/e/name" "$T/d/way/name"
fits "$T/d/way/name" "$T/d/e/name"
not "$T/d/e/name" "$T/d/e/nick"
not "$T/d/e/a" name
fits '*/d/e/a' "$T/d/way/a"
fits '*/e/?' "$T/d/way/a"
# With all links resolved it is .../e/a, which this does not fit; nor is it looked at for `nam*`.
not '*/e/n*' "$T/d/way/name"
not '*/e/?' "$T/d/way/name"
fits '*/e/*' "$T/d/way/name"
not '*/e/a' "$T/d/way/name"
not '*/way/name' name
# Relative, and by a descriptor.
cd "$T/d" || exit 1
for name in e/a ./e/a way/a .//e/a; do
	printf '[r]\nmatch = %s/d/e/a\nuts = new\n' "$T" >"$T/p.ini"
	run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$T/p.ini" "$door" execve fork "$name" ns:uts
	expect_not "$name" "$host" "$OUT"
done
for pattern in 'a' "$T/d/e/a" '*/d/e/?'; do
	printf '[r]\nmatch = %s\nuts = new\n' "$pattern" >"$T/p.ini"
	for name in /proc/self/fd/9 /dev/fd/9; do
		run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$T/p.ini" sh -c 'exec "$0" ns:uts' $name 9<"$T/d/e/a"
		expect_not "$pattern, $name" "$host" "$OUT"
		expect_silent "$pattern, $name"
	done
done
cd "$T" || exit 1

# The examples of the manual page, at their own paths: in a root of their own, where uts is new by
# the capabilities that are there.
sed -n '/^Examples:/,/^\.El/s/^\.It Li \([^ ]*\) Ta Pa \([^ ]*\) Ta Pa \([^ ]*\)$/\1 \2 \3/p' "$TESTS/../conf/nsshim.5" |
	sed 's/\\&//g' >rows
expect_eq 'how many examples there are' 5 "$(wc -l <rows)"
cat >look <<'LOOK'
mkdir "$1/root" && mount -t tmpfs none "$1/root" && cd "$1/root" || exit 1
for folder in /usr /lib /lib64 /lib32 /libx32 /nix; do
	[ -e $folder ] || continue
	if [ -L $folder ]; then cp -d $folder . && continue; fi
	case $folder in
	/usr)
		mkdir -p usr/lib && mount --rbind /usr/lib usr/lib
		[ ! -e /usr/lib64 ] || { mkdir usr/lib64 && mount --rbind /usr/lib64 usr/lib64; }
		;;
	*) mkdir .$folder && mount --rbind $folder .$folder ;;
	esac || exit 1
done
cp "$(type -P env)" env && mkdir build proc && mount --rbind "$2" build && mount --rbind /proc proc || exit 1
while read -r pattern fits not; do
	for file in "$fits" "$not"; do
		mkdir -p ".${file%/*}" && cp build/tests/state ".$file" || exit 1
		printf '[r]\nmatch = %s\nuts = new\n' "$pattern" >p.ini
		got=$(chroot . /env LD_PRELOAD=/build/libnsshim.so NSSHIM_PROFILE=/p.ini \
			/build/tests/door execve fork "$file" ns:uts)
		case $got in "$(readlink /proc/self/ns/uts)") got=outside ;; uts:*) got=inside ;; esac
		echo "$pattern $file $got"
	done
done <"$1/rows"
LOOK
run unshare "${OWN[@]}" --mount bash look "$T" "$BUILD"
expect_silent 'the examples'
expect_eq 'the examples' "$(while read -r pattern fits not; do
	echo "$pattern $fits inside"
	echo "$pattern $not outside"
done <rows)" "$OUT"

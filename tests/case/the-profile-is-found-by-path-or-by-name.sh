#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

host=$(ns_of net)
in_and_out() { # WHAT: of the last run, which is of two programs
	expect_eq "$1: exit status" 0 "$RC"
	expect_silent "$1"
	expect_like "$1: inside" '^net:' "$OUT"
	expect_not "$1: inside" "$host" "$OUT"
}
try() { # VALUE [VAR=VALUE]...
	local value=$1
	shift
	run env "$@" LD_PRELOAD="$LIB" NSSHIM_PROFILE="$value" env "$state" ns:net
}

profile 'net = new' "$T/some.ini" >/dev/null
try "$T/some.ini"
in_and_out 'an absolute path'
try ./some.ini
in_and_out 'a relative path'
mkdir -p home/.config/nsshim config/nsshim sub
profile 'net = new' home/.config/nsshim/mine.ini >/dev/null
profile 'ipc = new' config/nsshim/mine.ini >/dev/null
try mine HOME="$T/home"
in_and_out 'a name, below ~/.config'
profile 'net = new' config/nsshim/mine.ini >/dev/null
profile 'ipc = new' home/.config/nsshim/mine.ini >/dev/null
try mine HOME="$T/home" XDG_CONFIG_HOME="$T/config"
in_and_out 'a name, below XDG_CONFIG_HOME'

# A relative path goes on meaning the same file when a program changes its directory.
run env LD_PRELOAD="$LIB" NSSHIM_PROFILE=./watch.ini true
profile 'match = state; net = new' "$T/watch.ini" >/dev/null
run env LD_PRELOAD="$LIB" NSSHIM_PROFILE=./watch.ini sh -c 'cd sub && sh -c "exec \"$0\" ns:net" "$0"' "$state"
in_and_out 'a relative path, two programs later'

# A value with a slash is a path, also where it has an `=`, unless it begins as an inline rule does.
mkdir -p 'sub/a=b'
profile 'net = new' 'sub/a=b/c' >/dev/null
try 'sub/a=b/c'
in_and_out 'a path with a ='
profile 'net = new' none.ini >/dev/null
try ./none.ini
in_and_out 'a path with the word none'
profile 'net = new' config/nsshim/none.ini >/dev/null
try none XDG_CONFIG_HOME="$T/config"
expect_eq 'none is no name' "$host" "$OUT"
profile 'net = new' 'config/nsshim/N=1.ini' >/dev/null
try 'N=1' XDG_CONFIG_HOME="$T/config"
in_and_out 'a name with a =, which begins with no lower case letter'
rm config/nsshim/none.ini

# A name: the first file that is there, of these folders in their order. Other machines' /etc and
# PREFIX are of no concern: there are private ones here, below a user namespace for a user.
try nowhere-$$ HOME="$T/home"
prefix=$(sed -n "s,.*/etc/nsshim and \(/[^;]*\)/share/nsshim;.*,\1,p" <<<"$ERR")
mkdir -p etc/nsshim share/nsshim
cp -d /etc/passwd /etc/group /etc/ld.so.cache etc/
cat >by-name <<'NAMES'
mount --bind "$T/etc" /etc && mount --bind "$T/share" "$PREFIX/share" || exit 1
# Each makes another kind new, and `net` stays for those that are not there.
put() {
	printf '[%s]\nuts = new\n' "$1" >"$2/$NAME.ini"
}
asked() {
	NSSHIM_LOG=info LD_PRELOAD=$LIB NSSHIM_PROFILE=$VALUE env true 2>&1 | sed 's/ entered .*//'
}
for XDG_CONFIG_HOME in "$T/config" "$T/home/.config" '' unset; do
	rm -f {etc,share,config,home/.config}/nsshim/"$NAME".ini
	export XDG_CONFIG_HOME
	[ "$XDG_CONFIG_HOME" != unset ] || unset XDG_CONFIG_HOME
	echo "${XDG_CONFIG_HOME-unset}"
	put prefix share/nsshim && asked
	put etc etc/nsshim && asked
	put home home/.config/nsshim && asked
	put config config/nsshim && asked
	# One that is there and is not valid is an error, nothing to pass over.
	echo nett >etc/nsshim/"$NAME".ini && rm {config,home/.config}/nsshim/"$NAME".ini && asked
done
NAMES
for value in named: default:default default:; do
	name=${value%:*} value=${value#*:}
	[ "$name" = default ] || value=$name
	run unshare "${OWN[@]}" --mount env T="$T" LIB="$LIB" PREFIX="$prefix" HOME="$T/home" NAME="$name" VALUE="$value" bash by-name
	bad="nsshim: /etc/nsshim/$name.ini:1: nett: no \`=\` after it: a line is \`KEY = VALUE\`"
	expect_eq "'$value': the first that is there" "$(
		for config in "$T/config:etc:config" "$T/home/.config:home:home" ':home:home' 'unset:home:home'; do
			echo "${config%%:*}"
			config=${config#*:}
			printf 'nsshim: [%s]\n' prefix etc "${config%:*}" "${config#*:}"
			echo "$bad"
		done
	)" "$OUT"
	expect_silent "'$value'"
done
rm -f home/.config/nsshim/default.ini config/nsshim/default.ini

# A name that is nowhere.
try nowhere-$$ HOME="$T/home"
expect_eq 'nowhere: exit status' 125 "$RC"
expect_eq 'nowhere: nothing ran' '' "$OUT"
expect_like 'nowhere: the name' "nowhere-$$" "$ERR"
expect_like 'nowhere: where it was looked for' '/nsshim.*/etc/nsshim' "$ERR"
# A path that is not there.
try "$T/missing.ini"
expect_eq 'missing: exit status' 125 "$RC"
expect_line 'missing' "^nsshim: .*$T/missing.ini.*No such file or directory"

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

export HOME=$T # no profile of this user's
own_sets
cat >names.py <<'END'
# All names of the objects of a text, where of each kind of object (by the name it is under) all have the same.
import json, sys
seen = {}
def look(value, under):
    if isinstance(value, list):
        for part in value:
            look(part, under)
    elif isinstance(value, dict):
        names = sorted(value)
        if seen.setdefault(under, names) != names:
            print("of", under, "one has", names, "and one", seen[under])
        for name in names:
            if name != "namespaces": # there the kinds are the names
                look(value[name], name)
for line in sys.stdin.buffer.read().split(b"\0"):
    if line:
        look(json.loads(line), "")
print(" ".join(sorted({name for names in seen.values() for name in names})))
END
told() { # COMMAND: the names that nsshim.1 has for it
	sed -n '/^\.Sh JSON/,/^\.Sh ENV/p' "$TESTS/../shim/nsshim.1" | sed -n "/^\.It Cm $1\$/,/^\.\(It\|El\)/s/^\.Va //p" |
		tr -d ',;.' | tr -s ' ' '\n' | sort -u | xargs
}
same() { # COMMAND
	expect_eq "$1" "$(told "$1")" "$(python3 names.py <"$1.json" 2>&1)"
}
tell() { # COMMAND ARGUMENT...
	run "$NSSHIM" "$@"
	expect_silent "$*"
	printf '%s\0' "$OUT" >>"$1.json"
}

tell_in() { # FILE COMMAND ARGUMENT...: JSON that goes there
	run "$NSSHIM" "${@:2}"
	expect_silent "${*:2}"
	tr '\n' ' ' <"$1" >>"$2.json"
	printf '\0' >>"$2.json"
}

printf '[a]\nnett = new\n' >bad.ini
tell check -f json ./bad.ini nope
tell check -f json "seccomp = $T/none"
same check

tell explain -j -p none true
tell explain -j true
tell explain -j nope
tell explain -j -e join=pid:4194303 true
tell explain -j -e net=netns:of-nobody true
tell explain -j -e when=load -e 'rlimit = core 0' -e 'ro = /' -e 'caps = drop' -e env=A=b -e cwd=/ true
tell explain -j -p "$(profile '[a]
match = x
[b]
uid = 0')" true
same explain

tell doctor -j
tell doctor -j -e net=netns:of-nobody
same doctor

mkdir -p .config/nsshim && printf '[a]\n' >.config/nsshim/default.ini
tell profiles -j
rm .config/nsshim/default.ini
tell profiles -j
same profiles

for all in '' --all; do
	tell_in tree.json trace -j -o tree.json $all -p none sh -c '/bin/true; (:)'
	tell_in tree.json trace -j -o tree.json $all -e match=true -e uts=new sh -c 'true; /bin/true; env -i /bin/true'
done
same trace

# What is in a set looks at its sets.
tell list -j
shim 'match = nsshim; net = new; share = one' sh -c '"$0" list -j; :' "$NSSHIM" >set.json
shim 'match = nsshim; ipc = new; share = two, user; share-keep = 1' sh -c '"$0" list -j; :' "$NSSHIM" >>set.json
expect_like 'a set of a tree' '"tree": [0-9]' "$(cat set.json)"
expect_like 'a set of the user' '"tree": null' "$(cat set.json)"
sed 's/^\]$/]\x00/' set.json | tr -d '\n' >>list.json
same list
"$NSSHIM" drop two >/dev/null

# Each has its list there, and each list its command, or tells of it where its options are.
for command in $("$NSSHIM" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
	json=no
	"$NSSHIM" "$command" --help | grep -q -- '--json\|json:' && json=yes
	page=no
	[ -z "$(told "$command")" ] || page=yes
	sed -n "/^\.Ss nsshim $command\$/,/^\.S[sh] /p" "$TESTS/../shim/nsshim.1" | grep -q '^\.It Fl j ,' && page=yes
	expect_eq "$command has JSON, and its names in nsshim.1" $json $page
done

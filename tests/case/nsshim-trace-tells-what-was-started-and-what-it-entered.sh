#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

mkdir tmp && export TMPDIR=$T/tmp

# Without the numbers, which are others each time; what stands below what stays. Where the user
# namespace was not asked for an ordinary user has one too.
told() {
	sed -E 's/^ *[0-9]+\.[0-9]{3} ms  ( *)[0-9]+  /\1/; s/, [0-9]+ us$//; s/ [0-9]{10}//g; s/: user /: /' <<<"$ERR"
}
traced() { run timeout -s KILL 60 "$BUILD/nsshim" trace "$@"; }

traced -e match=state -e uts=new sh -c '"$0" args; python3 -c "import os, sys; os.posix_spawn(sys.argv[1], [sys.argv[1]], os.environ); os.wait()" "$0"; exit 3' "$state"
expect_eq 'its status' 3 "$RC"
expect_like 'its output' '^arg 0 ' "$OUT"
expect_eq 'what was started' 'sh  outside
  state  [inline] by exec: uts' "$(told | head -n 2)"
expect_like 'by posix_spawn' '    state  \[inline\] by spawn: uts' "$(told)"

traced -e match=state -e uts=new -e when=load sh -c '"$0"; :' "$state"
expect_eq 'at load' 'sh  outside
  state  [inline] by load: uts' "$(told)"
traced -e match=state -e pid=new -e mnt=new sh -c '"$0"; :' "$state"
expect_like 'with a pid namespace' '^  state  \[inline\] by (exec|image): mnt pid$' "$(told | tail -n 1)"
traced -e 'match=python3*' -e uts=new -e when=fork python3 -c 'import os; os.fork() or os._exit(0); os.wait()'
expect_like 'a child that only forks' '^  \(forked\)  \[inline\] by fork: uts$' "$(told | tail -n 1)"

# The namespaces are those that the program is in, at whichever door; and there is a tree in JSON.
# What a process is numbered, and the namespaces, are asked of the program itself.
cat >look.py <<'END'
import json, sys
tree, wanted, door = json.load(open("tree.json")), dict(w.split(":") for w in sys.argv[2:]), sys.argv[1]
def all_of(processes):
    for p in processes:
        yield from [(p, g) for g in p["programs"]] + list(all_of(p["started"]))
entered = [(p, g) for p, g in all_of(tree["processes"]) if g["state"] == "entered"]
assert len(entered) == 1, entered
p, g = entered[0]
assert (g["rule"], g["door"]) == ("inline", door) and g["took"] > 0 and g["at"] >= 0, g
for kind, number in wanted.items():
    assert g["namespaces"][kind] == int(number.strip("[]")), (g, wanted)
assert set(g["namespaces"]) - {"user"} == set(wanted) - {"user"}, g
first = tree["processes"][0]["programs"][0]
assert first["state"] == "outside" and first["at"] == 0 and tree["status"] == 5 and not tree["all"], tree
END
numbers() { # DOOR KINDS ARGUMENT...: of trace, whose program prints one line KIND:[NUMBER] for each kind
	run "$BUILD/nsshim" trace -jo tree.json "${@:3}"
	expect_silent "$1: $2"
	expect_eq "$1: $2: exit status" 5 "$RC"
	expect_eq "$1: $2: kinds" "$2" "$(cut -d: -f1 <<<"$OUT" | sort | xargs)"
	# shellcheck disable=SC2086 # lines without blanks
	run python3 look.py "$1" $OUT
	expect_eq "$1: $2: what is told"$'\n'"$ERR" 0 "$RC"
}
own=(readlink /proc/self/ns/net /proc/self/ns/uts)
numbers exec 'net uts' -e match=readlink -e net=new -e uts=new sh -c '"$@"; exit 5' - "${own[@]}"
numbers spawn 'net uts' -e match=readlink -e net=new -e uts=new python3 -c 'import os, sys
os.posix_spawn("/usr/bin/readlink", sys.argv[1:], os.environ)
os.wait()
sys.exit(5)' "${own[@]}"
numbers load 'net uts' -e match=readlink -e net=new -e uts=new -e when=load sh -c '"$@"; exit 5' - "${own[@]}"
numbers fork 'net uts' -e 'match=python3*' -e net=new -e uts=new -e when=fork python3 -c 'import os, sys
if not os.fork():
    print(os.readlink("/proc/self/ns/net"), os.readlink("/proc/self/ns/uts"), sep="\n", flush=True)
    os._exit(0)
os.wait()
sys.exit(5)'
numbers spawn 'mnt pid' -e match=readlink -e pid=new -e mnt=new python3 -c 'import os, sys
os.posix_spawn("/usr/bin/readlink", sys.argv[1:], os.environ)
os.wait()
sys.exit(5)' readlink /proc/self/ns/mnt /proc/self/ns/pid
# Also those that it was in already, and joins.
[ -z "$ROOT" ] || numbers exec 'net uts' -e match=readlink -e net=/proc/self/ns/net -e uts=new sh -c '"$@"; exit 5' - "${own[@]}"

# Who is in a pid namespace that another made is not taken for who has that number elsewhere. The first is
# there until the second has ended: the number of a namespace that has gone is given to the next.
mkfifo said go
traced -e match=state -e uts=new sh -c '
	unshare -Urpf sh -c "\"$0\" && echo \$\$; echo >said; read -r _ <go; :" &
	read -r _ <said
	unshare -Urpf sh -c "\"$0\" && echo \$\$; :"
	echo >go
	wait' "$state"
expect_eq 'other pid namespaces: its own number' '1 1' "$(xargs <<<"$OUT")"
expect_eq 'other pid namespaces' 'sh  outside
  unshare  outside
  unshare  outside
sh  outside
  state  [inline] by exec: uts
sh  outside
  state  [inline] by exec: uts' "$(told)"

# A program that has dropped root is told of too.
[ -z "$ROOT" ] || {
	traced -e match=x setpriv --reuid=nobody --clear-groups sh -c '/bin/true; :'
	expect_eq 'root is dropped' 'setpriv  outside
sh  outside
  true  outside' "$(told)"
}

# A fault is told as ever, and the program's end is the command's.
traced -e match=state -e net=netns:not-there sh -c '"$0"; kill -TERM $$' "$state"
expect_eq 'a signal' 143 "$RC"
expect_like 'a fault' 'net: open /run/netns/not-there: ' "$ERR"
traced -jo tree.json -e match=state -e net=netns:not-there sh -c '"$0"; :' "$state"
expect_like 'a fault, in JSON' 'open /run/netns/not-there' "$(python3 -c 'import json; print(json.load(open("tree.json"))["said"])')"

# What is sent to the command is for the program; what outlives it leaves no file.
traced sh -c 'trap "exit 9" USR1; kill -USR1 $PPID; while :; do sleep 0.05; done'
expect_eq 'a signal that is sent' 9 "$RC"
traced sh -c 'trap "" HUP; (sleep 0.3; /bin/true; echo late >late) >/dev/null 2>&1 & exit 4'
expect_eq 'before its child' 4 "$RC"
for _ in {1..100}; do [ -e late ] || sleep 0.05; done
expect_eq 'what is left' 'late ' "$(cat late) $(ls "$TMPDIR")"

# A program that cleans up does not take along what was told until then, nor its status.
traced -e match=x sh -c '/bin/true; rm -r "$TMPDIR"/*; exit 4'
expect_eq 'what a program has removed' '4 sh  outside|  true  outside|  rm  outside' "$RC $(told | paste -sd '|')"

# Any program that is started can write there: nothing that a terminal would obey is passed on.
cat >writes.sh <<'END'
printf '\033]0;title\007\nnsshim: \302\233m\n' >>"${NSSHIM_LOG#*:}"
printf 'nsshim\tentered\t1\t77\t1\t%s\t5\tdo\033or\tru\033le\t%s\tpro\302\233gram\n' 5 'net:7 n\033t:8 ' -5 '' >>"${NSSHIM_LOG#*:}"
END
traced sh writes.sh
expect_unlike 'words for a terminal' $'[\001-\010\013-\037\177]|\302[\200-\237]' "$ERR"
expect_like 'what was said' '^\?\]0;title\?
nsshim: \?\?m
nsshim\?entered\?1\?77\?1\?-5\?' "$ERR"
expect_like 'what was entered' '  77  pro\?\?gram  \[ru\?le\] by do\?or: net 7, 5 us' "$ERR"

traced
expect_eq 'no program' 125 "$RC"
traced -e net=new "$T/not-there"
expect_eq 'not there' 127 "$RC"
expect_line 'not there' '^nsshim: trace: .*/not-there: No such file or directory$'
traced -o "$T/not-there/file" true
expect_eq 'no place for the tree' 125 "$RC"
expect_line 'no place for the tree' '^nsshim: trace: .*: No such file or directory'
for json in '' -j; do
	# shellcheck disable=SC2086 # none or one
	traced $json -o /dev/full true
	expect_eq "$json a full disk" 125 "$RC"
	expect_line "$json a full disk" '^nsshim: write /dev/full: No space left on device \(ENOSPC\)$'
done
run sh -c '"$@" 2>&-' - "$BUILD/nsshim" trace true
expect_eq 'standard error is closed' 125 "$RC"
run sh -c '"$@" >&-' - "$BUILD/nsshim" trace sh -c '[ -e /proc/self/fd/1 ] || exit 7'
expect_eq 'standard output is closed' 7 "$RC"
expect_eq 'standard output is closed' 'sh  outside' "$(told)"
run env TMPDIR="$T/not-there" "$BUILD/nsshim" trace true
expect_eq 'no place for the records' 125 "$RC"
expect_like 'no place for the records' '^nsshim: trace: .*: No such file or directory' "$ERR"
expect_eq 'at the end' '' "$(ls "$TMPDIR")"

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

export HOME=$T # no profile of this user's
explain() { # ARGUMENT...
	run "$NSSHIM" explain "$@"
	expect_silent "explain $*"
}
has() { # REGEX
	expect_like 'explain' "(^|"$'\n'")$1" "$OUT"
}
rules=$(profile "[base]
template = yes
uts = new
[with-except]
match = tool*
except = *-x
[with-condition]
match = tool-x
only_if = env:NOT_THERE=1
[by-path]
match = $T/bin/*
extends = base
hostname = in # side ; a comment
env = A=b
[nothing]
match = other")
mkdir bin && cp "$state" bin/tool-x

# Which rule fits, and why those before do not.
explain -p "$rules" bin/tool-x
expect_eq 'a rule that fits: exit status' 0 "$RC"
has 'program   bin/tool-x'
has "profile   $rules"
has 'rules     \[base\] line 1 does not fit: a template fits no program'
has ' +\[with-except\] line 4 does not fit: except = \*-x'
has ' +\[with-condition\] line 7 does not fit: only_if = env:NOT_THERE=1 does not hold'
has " +\\[by-path\\] line 10 fits: match = $T/bin/\\*"
has ' +line 13: hostname = in # side +needs CAP_SYS_ADMIN: '
has 'given     line 14: env = A=b'
has '(inside)? +uts      new'
expect_unlike 'a rule that fits: those after it' '\[nothing\]' "$OUT"
NOT_THERE=1 explain -p "$rules" bin/tool-x
has ' +\[with-condition\] line 7 fits: match = tool-x'
has 'entry     none: the rule asks for nothing'
explain -p "$rules" not-there-at-all
has 'program   not-there-at-all \(there is no such program: by its name\)'
has 'entry     none: no rule fits'
explain -p "$rules" other
has ' +\[nothing\] .* fits: match = other'
PATH=$T/bin:$PATH explain -p "$rules" tool-x
has "program   $T/bin/tool-x"

# The steps are those that the library tells of when it does them.
for text in 'net = new; ipc = new; uid_map = self; gid_map = self' 'hostname = x; sysctl = net.ipv4.ip_forward 1; nice = 19' \
	'user = new; mnt = new; pid = new; umask = 077' 'uts = /proc/self/ns/uts' 'when = load; net = new'; do
	run env NSSHIM_LOG=debug "$NSSHIM" run -e "$text; match = state" sh -c '"$0" exit:0; :' "$state"
	did=$(sed -n 's/^nsshim: \[inline\] step [0-9]* of [0-9]*: //p' <<<"$ERR")
	explain --json -e "$text; match = state" "$state"
	expect_eq "the steps of $text" "$did" "$(python3 -c '
import json, sys
for s in json.load(sys.stdin)["steps"]:
    print(s["what"])' <<<"$OUT")"
done

# What each needs, and whether it is there.
explain -e net=new x
if [ -n "$ROOT" ]; then
	has 'fallback  not needed: CAP_SYS_ADMIN is there'
	has ' +2  unshare net +needs CAP_SYS_ADMIN: there'
	has 'inside    net      new'$'\n'' +uid      0'
else
	has 'fallback  CAP_SYS_ADMIN is missing: a user namespace is created first'
	has ' +5  unshare net +needs CAP_SYS_ADMIN: of the user namespace'
	has 'inside    user     new, as its fallback'
	has " +uid      0 \\(uid_map = root\\)"
	explain -e net=new -e fallback=none x
	expect_eq 'what is missing: exit status' 1 "$RC"
	has 'fallback  none: without CAP_SYS_ADMIN it fails'
	has ' +2  unshare net +needs CAP_SYS_ADMIN: MISSING'
	explain -e user=new -e 'uid_map = 0 4200000 1' -e 'uid_map = 1 4300000 1' x
	has 'steps       1  start the map writer +needs CAP_SETUID, CAP_SETGID: MISSING, .*/?range'
fi
explain -e net=netns:of-nobody x
expect_eq 'a namespace that is not there: exit status' 1 "$RC"
has 'steps       1  open /run/netns/of-nobody +MISSING, /run/netns/of-nobody: No such file or directory'
explain -e join=pid:4194303 x
expect_eq 'a process that is not there: exit status' 1 "$RC"
has 'fails     nsshim: \[inline\] join /proc/4194303: .*there is no such process'
explain -e 'user = new; uid_map = 7 '"$(id -u)"' 1; cwd = /tmp' x
has ' +uid      7 \(uid_map = 7 [0-9]+ 1\)'
has ' +cwd      /tmp'
run unshare --user --map-root-user sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"' - \
	"$NSSHIM" explain -e user=new x
expect_eq 'no user namespaces: exit status' 1 "$RC"
has 'steps       1  unshare user +MISSING, .*max_user_namespaces is 0'

# Nothing has been done: no set is there, and no process.
own_sets
explain -e net=new -e share=one x
has ' +[0-9]+  join the set .*one@'
expect_eq 'no set is made' '' "$(sockets)"

run "$NSSHIM" explain -p "$(profile 'nett = new')" x
expect_eq 'a bad profile' 125 "$RC"
expect_line 'a bad profile' ':2: nett: unknown key'
run "$NSSHIM" explain
expect_eq 'no program' 125 "$RC"
run sh -c '"$0" explain x >/dev/full' "$NSSHIM"
expect_eq 'a full disk' 125 "$RC"
expect_line 'a full disk' '^nsshim: write standard output: .*ENOSPC'

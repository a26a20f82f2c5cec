#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

export HOME=$T # no profile of this user's
host=$(ns_of net)

run "$NSSHIM" exec "$state" ns:net ns:ipc ids
expect_not 'net' "$host" "$(sed -n 1p <<<"$OUT")"
expect_not 'ipc' "$(ns_of ipc)" "$(sed -n 2p <<<"$OUT")"
expect_eq 'ids' "uid $(id -u) $(id -u) $(id -u)"$'\n'"gid $(id -g) $(id -g) $(id -g)" "$(sed 1,2d <<<"$OUT")"
expect_silent 'the built-in profile'
run env LD_PRELOAD="$PROG/other.so" NSSHIM_LOG=error "$NSSHIM" exec sh -c 'echo "$LD_PRELOAD"; env | grep NSSHIM'
expect_eq 'no trace of it' "$PROG/other.so" "$OUT"
run "$NSSHIM" exec -e 'hostname = in; env = A=b; arg0 = zero' sh -c 'uname -n; echo "$A $0"'
expect_eq 'what is asked for inside' $'in\nb zero' "$OUT"
run "$NSSHIM" exec -e pid=new -e mnt=new sh -c 'echo $$; exit 9'
expect_eq 'a pid namespace' 2 "$OUT"
expect_eq 'a pid namespace: exit status' 9 "$RC"
run "$NSSHIM" exec -e 'when = load; uts = new; hostname = x' uname -n
expect_eq 'when = load is no obstacle' x "$OUT"
run "$NSSHIM" exec -e net=new sh -c 'kill -TERM $$'
expect_eq 'ends as the program ends' 143 "$RC"

# One set, by the name of its rule, for as long as the program is there.
own_sets
run "$NSSHIM" exec -e net=new -e share=one "$NSSHIM" list
expect_like 'a set of its own tree' $'\none  .*net .* [0-9]+s [0-9]+$' "$OUT"
expect_no_sets 'after it'

# A program that is there only inside.
mkdir root
hold_by unshare "${OWN[@]}" --mount sh -c 'mount -t tmpfs none "$0" && cp "$1" "$0/only-inside" && exec sleep 1000' "$T/root" "$state"
run env PATH="$T/root:$PATH" "$NSSHIM" exec -e "join = pid:$HELD" only-inside ns:mnt
expect_eq 'found along PATH inside' "$(ns_of mnt "$HELD")" "$OUT"

wrong() { # STATUS REGEX ARGUMENT...
	run "$NSSHIM" exec "${@:3}"
	expect_eq "exec ${*:3}: exit status" "$1" "$RC"
	expect_line "exec ${*:3}" "$2"
	expect_eq "exec ${*:3}: prints nothing" '' "$OUT"
}
wrong 127 '^nsshim: \[built-in\] execve nope: .*ENOENT' nope
: >plain
wrong 126 '^nsshim: \[built-in\] execve ./plain: .*EACCES' ./plain
wrong 125 '^nsshim: \[inline\] net: open /run/netns/gone: .*ip netns add' -e net=netns:gone true
wrong 125 '^nsshim: exec: no rule of .* fits .*/true' -e match=other -e net=new true
wrong 125 '^nsshim: exec: no rule of none fits' -p none true
wrong 125 '^nsshim: exec: \[inline\] is for the children of .*nsshim run$' -e when=fork -e net=new true
wrong 125 '^nsshim: NSSHIM_PROFILE:1: net: ' -e net=bad true

export NSSHIM_LOG=loud
wrong 125 '^nsshim: exec: NSSHIM_LOG: off, error, info or debug' -e net=new true
NSSHIM_LOG=info:$T/log
run "$NSSHIM" exec -e net=new "$state" exit:0
expect_silent 'a log'
expect_like 'a log' '^nsshim: \[inline\] entered net' "$(cat log)"
unset NSSHIM_LOG
expect_eq 'no descriptor of its own' "$(find /proc/self/fd | wc -l)" "$("$NSSHIM" exec find /proc/self/fd | wc -l)"

# Outside, where the rule says so, and after a line that does.
run "$NSSHIM" exec -e net=netns:gone -e on_error=continue "$state" ns:net
expect_eq 'on_error = continue' "$host" "$OUT"
expect_line 'on_error = continue' 'executed outside$'
run "$NSSHIM" exec -e net=new -e on_error=continue nope
expect_eq 'on_error = continue: no such program' 127 "$RC"

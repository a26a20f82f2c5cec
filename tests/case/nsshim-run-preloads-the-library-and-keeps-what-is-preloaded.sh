#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

export HOME=$T # no profile of this user's
host=$(ns_of net)
other=$PROG/other.so

run "$NSSHIM" run "$state" ns:net
expect_eq 'the program itself' "$host" "$OUT"
run "$NSSHIM" run sh -c '"$0" ns:net; :' "$state"
expect_not 'what it starts' "$host" "$OUT"
expect_silent 'the built-in profile'

# Of what is preloaded already, nothing is lost, also for what no rule fits.
run env LD_PRELOAD="$other" "$NSSHIM" run -p none sh -c 'echo "$LD_PRELOAD"'
expect_eq 'LD_PRELOAD' "$LIB:$other" "${OUT/\/.\/\/.\///}"

# A profile by name and by path; one rule of keys; a profile of one rule with other keys.
mkdir -p "$T/.config/nsshim"
profile '[mine]
match = state
uts = new
hostname = of-file ; a comment' "$T/.config/nsshim/mine.ini" >/dev/null
for which in mine "$T/.config/nsshim/mine.ini"; do
	run "$NSSHIM" run -p "$which" sh -c '"$0" ns:uts; uname -n; :' "$state"
	expect_not "-p $which" "$(ns_of uts)" "$(sed -n 1p <<<"$OUT")"
	expect_eq "-p $which: another program" "$(uname -n)" "$(sed 1d <<<"$OUT")"
done
run "$NSSHIM" run -e uts=new --set='hostname = x' env uname -n
expect_eq '-e' x "$OUT"
run "$NSSHIM" run -p mine -e match=uname -e hostname=other sh -c 'uname -n; :'
expect_eq '-p and -e' other "$OUT"
run "$NSSHIM" run -p mine -e match=sh -e env=A=1 -e env=B=2 sh -c 'sh -c "uname -n; echo \$A\$B"; :'
expect_eq 'a key that adds' $'of-file\n12' "$OUT"
run env NSSHIM_PROFILE=mine "$NSSHIM" run -e ipc=new sh -c '"$0" ns:ipc; :' "$state"
expect_not '-e alone is a rule alone' "$(ns_of ipc)" "$OUT"
run env NSSHIM_PROFILE=none "$NSSHIM" run sh -c '"$0" ns:net; :' "$state"
expect_eq 'without options the variable counts' "$host" "$OUT"
file=$(profile '[a]
match = $ORIGIN/%n
uts = new
hostname = %n')
cp "$state" a
run "$NSSHIM" run -p "$file" -e domainname=d sh -c './a ns:uts; uname -n; :'
expect_not 'what stands for something else' "$(ns_of uts)" "$(sed -n 1p <<<"$OUT")"

# Below a wrapped program a tree of its own begins, and its own words are the program's.
run "$NSSHIM" run -e match=nothing -e net=new sh -c '"$0" run -e "when = load; uts = new; hostname = in" uname -n; :' "$NSSHIM"
expect_eq 'a tree in a tree' in "$OUT"
run "$NSSHIM" run -e uts=new -- sh -c 'echo "$@"' - -p -e --help
expect_eq 'options of the program' '-p -e --help' "$OUT"
expect_eq 'its exit status' 7 "$("$NSSHIM" run sh -c 'exit 7' || echo $?)"
printf 'echo "text $1"\n' >text && chmod 755 text
expect_eq 'a script without an interpreter' 'text x' "$("$NSSHIM" run ./text x)"

# What cannot be: one line, and the status tells whose fault it is.
wrong() { # STATUS REGEX ARGUMENT...
	run "$NSSHIM" run "${@:3}"
	expect_eq "run ${*:3}: exit status" "$1" "$RC"
	expect_like "run ${*:3}" "$2" "$ERR"
	expect_eq "run ${*:3}: prints nothing" '' "$OUT"
}
file=$(profile '[a]
match = x
[b]
net = new')
echo '# nothing' >empty.ini
wrong 125 '^nsshim: run: which program\?'
wrong 125 '^nsshim: run: there is no option `--profle`: did you mean `--profile`\?$' --profle=x true
wrong 125 '^nsshim: run: there is no option `-x`' -x true
wrong 125 '^nsshim: run: `-p` needs a value$' -p
wrong 125 '^nsshim: run: `--help=x`: that option takes no value$' --help=x
wrong 125 '^nsshim: find profile nope: .*ENOENT' -p nope true
wrong 125 '^nsshim: NSSHIM_PROFILE:1: nett: unknown key: did you mean `net`\?$' -e nett=new true
wrong 125 "^nsshim: run: -e: .* has 2 rules, and not one" -p "$file" -e net=new true
wrong 125 '^nsshim: run: -e: a `;` in the value of match' -p "$(profile 'match = a;b')" -e net=new true
wrong 125 '^nsshim: run: -e: .* includes files' -p "$(profile "[a]
match = x
include = empty.ini")" -e net=new true
wrong 127 '^nsshim: run: nope: No such file or directory$' nope
wrong 127 '^nsshim: run: ./nope: No such file' ./nope
: >plain
wrong 126 '^nsshim: run: ./plain: Permission denied$' ./plain
if command -v busybox >/dev/null && ! ldd "$(command -v busybox)" >/dev/null 2>&1; then
	wrong 125 'busybox would not load the library .*nsshim exec$' busybox true
else
	printf 'int main(void) { return 0; }\n' >static.c
	if cc -static -o static static.c 2>/dev/null; then
		wrong 125 'static would not load the library .*nsshim exec$' ./static
	else
		skip_part 'there is no statically linked program'
	fi
fi
mkdir 'a blank' && cp "$LIB" "$NSSHIM" 'a blank'
run 'a blank/nsshim' run true
expect_eq 'a path that ld.so cannot be told' 125 "$RC"
expect_line 'a path that ld.so cannot be told' 'a blank/libnsshim.so: a blank or a colon'
mkdir -p inst/bin inst/lib && cp "$NSSHIM" inst/bin && cp "$LIB" inst/lib
run inst/bin/nsshim run sh -c '"$0" ns:net; :' "$state"
expect_not 'the library of an installation' "$host" "$OUT"

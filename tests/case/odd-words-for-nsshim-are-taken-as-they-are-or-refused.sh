#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

export HOME=$T # no profile of this user's
host=$(ns_of uts)

# -e KEY=VALUE: a value has any byte, but that a `;` parts two keys as in any inline rule.
value() { # WANTED ARGUMENT...: what A is inside
	run "$NSSHIM" exec "${@:2}" sh -c 'printf %s "$A"'
	expect_eq "${*:2}" "$1" "$OUT"
	expect_silent "${*:2}"
	run "$NSSHIM" run "${@:2}" env sh -c 'printf %s "$A"'
	expect_eq "run ${*:2}" "$1" "$OUT"
}
value 'b=c=' -e 'env=A=b=c='
value $'b\nuts=new' -e $'env=A=b\nuts=new'
value 'b # c' -e 'env=A=b # c'
value '#' --set='env=A=#'
value '' -e 'env=A='
value '"b" '\''c'\''\d$e' -e 'env=A="b" '\''c'\''\d$e'
value 'b h=%' -e 'env=A=b h=%%'
value "$(printf 'b\377\302\233')" -e "$(printf 'env=A=b\377\302\233')"
value b -e ' env = A=b '
value b -e 'env=A=b;' -e 'nice=0'
value b -e 'env=A=b; nice=0'
value last -e env=A=first -e env=A=last
value both -p 'env = A=first; nice = 0' -e env=A=both
run "$NSSHIM" exec -e uts=new -- sh -c 'echo "$@"' - -- -e x=y --json
expect_eq 'words of the program' '-- -e x=y --json' "$OUT"
run "$NSSHIM" exec -e uts=new -- readlink /proc/self/ns/uts -n
expect_like 'the program ends what is an option' "^uts:" "$OUT"

no() { # REGEX ARGUMENT...
	local command
	for command in run exec explain; do
		run "$NSSHIM" "$command" "${@:2}" true
		expect_eq "$command ${*:2}: exit status" 125 "$RC"
		expect_line "$command ${*:2}" "^nsshim: $1"
		expect_eq "$command ${*:2}: prints nothing" '' "$OUT"
	done
}
for word in '' ' ' ';' '#net=new' '[a]' net =new NET=new "net new"; do
	no '[a-z]*: -e: `.*` is no KEY=VALUE, as net=new is one$' -e "$word"
	no '[a-z]*: -e: ' -e uts=new -e "$word"
done
no 'NSSHIM_PROFILE:2: net: second value: the first is on line 1' -e net=new -e net=host
no 'NSSHIM_PROFILE:2: c: no `=` after it' -e 'env=A=b;c'
no 'NSSHIM_PROFILE:2: line: an inline rule has assignments only' -e 'net=new;[x]'
no 'NSSHIM_PROFILE:1: include: ' -e 'include=/etc/passwd'
no 'NSSHIM_PROFILE:1: net: ' -e 'net='
no 'NSSHIM_PROFILE:1: env: a line of more than 198 bytes' -e "env=A=$(printf '%0300d' 0)"
no '[a-z]*: -e: none has 0 rules' -p none -e net=new
no '[a-z]*: -e: .* has 2 rules' -p "$(profile $'[a]\nmatch = x\n[b]\nnet = new')" -e net=new

# Files as other machines write them, and what is none.
printf '[a]\r\nuts = new\r\nhostname = crlf\r\n' >crlf.ini
printf '\357\273\277[a]\nuts = new\nhostname = bom\n' >bom.ini
printf '[a]\nuts = new\nhostname = end' >end.ini
for name in crlf bom end; do
	run "$NSSHIM" exec -p ./$name.ini uname -n
	expect_eq "$name" $name "$OUT"
	run "$NSSHIM" exec -p ./$name.ini -e env=A=b sh -c 'uname -n; printf %s "$A"'
	expect_eq "$name, and a key" "$name"$'\nb' "$OUT"
	expect_eq "$name has no error" '' "$("$NSSHIM" check ./$name.ini)"
done
truncate -s 65M big.ini
printf '[a]\nuts = new\nenv = A=b\0c\n' >nul.ini
ln -s loop.ini loop.ini
no "open $T/big.ini: larger than 64 MiB" -p ./big.ini
no "$T/nul.ini:3: env: a NUL byte" -p ./nul.ini
no "open $T/loop.ini: .*ELOOP" -p ./loop.ini
no 'open /tmp/.*: No such file|open .*ENAMETOOLONG' -p "/$(printf '%0300d' 0)"

# Words with any bytes never command a terminal, and JSON is UTF-8.
esc=$'\033[31m' c1=$'\302\233' bad=$'\377'
printf '[a%s]\nuts = new\nmatch = %s*\nenv = A=%s%s\n[b%s%s]\nnet = new\n' "$bad" "$bad" "$esc" "$c1" "$bad" "$c1" >odd.ini
printf '[a%s]\nnet%s = new\n[b]\nnet = new%s%s%s\n' "$bad" "$esc" "$esc" "$c1" "$bad" >wrong.ini
mkdir -p .config/nsshim && cp odd.ini ".config/nsshim/o${esc}d$bad.ini"
printf '; What %s%s it is\n[a]\n' "$esc" "$bad" >.config/nsshim/words.ini
mkdir bin && cp "$state" "bin/$bad$esc"
plain() { # ARGUMENT...
	run "$NSSHIM" "$@"
	LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]\|\302\233')" .out .err && fail "a control character: $* $(cat -v .out .err)"
	expect_unlike "$*: something is told" '^$' "$OUT$ERR"
}
json() { # ARGUMENT...
	run "$NSSHIM" "$@"
	python3 -c 'import json, sys; json.loads(open(sys.argv[1], "rb").read().decode())' .out || fail "no JSON: $*"
}
plain check ./odd.ini ./wrong.ini "net = $esc" "nope$esc" "./$esc"
plain check -f gcc ./odd.ini ./wrong.ini "net = $esc" "nope$esc" "./$esc"
json check -f json ./odd.ini ./wrong.ini "net = $esc" "nope$esc$bad" "./$esc"
plain explain -p ./odd.ini "bin/$bad$esc"
json explain -j -p ./odd.ini "bin/$bad$esc"
plain explain -p "env = A=$esc" "nope$esc"
json explain -j -p "env = A=$esc$bad" "nope$esc$bad"
plain doctor -p ./odd.ini
json doctor -j -p ./odd.ini
plain profiles
json profiles -j
plain run "nope$esc"
plain exec "nope$esc"
plain run -e "$esc" true
plain run -p "nope$esc" true
plain run "--prof$esc" true
plain "no$esc"
plain drop "no$esc"
plain import "no$esc"
plain import --from "no$esc"
plain import --from unshare -- -u "a$esc"
plain import --from bwrap -- "--a$esc"
plain run -p ./wrong.ini true

# What is shown is a profile, the same: or it is not shown.
for text in 'uts=new;hostname=x' 'uts = new; hostname = x ' $'uts=new;env=A= #b;hostname=x'; do
	"$NSSHIM" show "$text" >shown.ini
	expect_eq "show $text" x "$("$NSSHIM" exec -p ./shown.ini uname -n)"
done
run "$NSSHIM" show $'env=A=b\nuts=new'
expect_eq 'show a newline: exit status' 125 "$RC"
expect_line 'show a newline' '^nsshim: show: a newline in a value'
for file in crlf end odd; do
	"$NSSHIM" show ./$file.ini | tail -n +2 | cmp - $file.ini || fail "show $file: another text"
done
for file in crlf bom end; do
	"$NSSHIM" show ./$file.ini >shown.ini
	expect_eq "show $file" $file "$("$NSSHIM" exec -p ./shown.ini uname -n)"
done
expect_eq 'still outside' "$host" "$(ns_of uts)"

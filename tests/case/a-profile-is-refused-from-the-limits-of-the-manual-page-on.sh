#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

page=$TESTS/../conf/nsshim.5
expect_eq 'the limits of nsshim.5' '198 bytes in a line 49 bytes in the name 340 extents, and less than 4096 bytes 64 MiB' \
	"$(sed -n '/^\.Sh LIMITS/,/^\.El/p' "$page" | grep -oE '^[0-9]+ (bytes in a line|bytes in the name|extents, and less than 4096 bytes|MiB)' | tr '\n' ' ' | sed 's/ $//')"

try() {
	run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$T/p.ini" "$state" exit:5
}
taken() { # WHAT
	try
	expect_eq "$1: exit status" 5 "$RC"
	expect_silent "$1"
}
refused() { # WHAT LINE KEY
	try
	expect_eq "$1: exit status" 125 "$RC"
	expect_line "$1" "^nsshim: $T/p.ini:$2: $3: ."
}
bytes() { # NUMBER CHARACTER
	printf "%$1s" '' | tr ' ' "$2"
}

for end in '\n' ''; do
	for start in 'match = ' 'match = * ; ' '# ' '; ' '[a] ; '; do
		over=198-${#start}
		printf "[r]\n%s%s$end" "$start" "$(bytes $((over)) x)" >p.ini
		taken "$start and 198 bytes, ended by '$end'"
		printf "[r]\n%s%s$end" "$start" "$(bytes $((over + 1)) x)" >p.ini
		refused "$start and 199 bytes, ended by '$end'" 2 '[^:]+'
	done
done
printf '[r]\n%s\n' "$(bytes 198 ' ')" >p.ini
taken '198 blanks'
printf '[%s]\nnet = new\nmatch = none\n' "$(bytes 49 n)" >p.ini
taken 'a name of 49 bytes'
printf '[%s]\nnett = new\n' "$(bytes 50 n)" >p.ini
refused 'a name of 50 bytes' 1 '\[n+\]?'
value="net=new; match=$(bytes 192 x); uts=new"
run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$value" "$state" exit:5
expect_eq 'an assignment of 198 bytes' 5 "$RC"
run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="${value/; match=/; match=x}" "$state" exit:5
expect_eq 'an assignment of 199 bytes' 125 "$RC"
expect_line 'an assignment of 199 bytes' '^nsshim: NSSHIM_PROFILE:2: match: .'

extents() { # COUNT BASE
	local i
	printf '[r]\nmatch = state\nuser = new\n'
	for ((i = 0; i < $1; i++)); do
		echo "uid_map = $(($2 + i)) $(($2 + i)) 1"
	done
}
extents 340 0 >p.ini
sed -i 's/^match = state/match = none/' p.ini
taken '340 extents'
extents 341 0 >p.ini
refused '341 extents' 344 uid_map
# Each is `1000000000 1000000000 1` and a newline: 24 bytes; 170 of them have 4080.
extents 170 1000000000 | sed 's/^match = state/match = none/' >p.ini
taken '4080 bytes of text'
# ... and with one of 15 and 16: 4095 and 4096.
cp p.ini fits.ini
echo 'uid_map = 0 10000000 123' >>p.ini
expect_eq 'this is 4095 bytes of text' 4095 "$(sed -n 's/^uid_map = //p' p.ini | wc -c)"
taken '4095 bytes of text'
cp fits.ini p.ini
echo 'uid_map = 0 100000000 123' >>p.ini
expect_eq 'this is 4096 bytes of text' 4096 "$(sed -n 's/^uid_map = //p' p.ini | wc -c)"
refused '4096 bytes of text' 174 uid_map
# As many as may be written in a profile are taken by the kernel, too.
if [ -n "$ROOT" ]; then
	extents 340 0 >p.ini
	echo 'gid_map = self' >>p.ini
	run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$T/p.ini" "$door" execve fork "$state" map:uid ids
	expect_eq '340 extents, taken by the kernel' 340 "$(sed -n 1p <<<"$OUT" | tr ';' '\n' | wc -l)"
	expect_silent '340 extents, taken by the kernel'
	{
		sed 's/^match = none/match = state/' fits.ini
		echo 'uid_map = 0 0 1000000000'
	} >p.ini
	expect_eq 'this is less than 4096 bytes' 4095 "$(sed -n 's/^uid_map = //p' p.ini | wc -c)"
	run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$T/p.ini" "$door" execve fork "$state" map:uid
	expect_eq '4095 bytes, taken by the kernel' 171 "$(tr ';' '\n' <<<"$OUT" | wc -l)"
	expect_silent '4095 bytes, taken by the kernel'
fi

# 64 MiB: a NUL byte is refused by its line, so holes do for the one that is a byte too large.
printf '[r]\n' >p.ini
truncate -s $((64 << 20)) p.ini
refused '64 MiB, with holes' 2 '[^:]+'
truncate -s $(((64 << 20) + 1)) p.ini
try
expect_eq '64 MiB and a byte: exit status' 125 "$RC"
expect_line '64 MiB and a byte' "^nsshim: open $T/p.ini: .*64 MiB"
yes '# a line of a comment, which has no more than sixty-four bytes.' | head -c $(((64 << 20) - 46)) >p.ini
printf '\n[r]\nmatch = state\nmatch = none\nuts = nonsense' >>p.ini
expect_eq 'this is 64 MiB' $((64 << 20)) "$(stat -c %s p.ini)"
refused '64 MiB are read to the end' "$(grep -c '' p.ini)" uts
rm p.ini

# There is none on the number of rules and patterns.
for ((i = 0; i < 20000; i++)); do
	echo "[$i]"
	printf 'match = */%d\n' "$i" "$((i + 20000))" "$((i + 40000))"
	echo 'uts = new'
done >p.ini
printf '[last]\nmatch = stat[e]\nuts = new\n' >>p.ini
run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$T/p.ini" "$door" execve fork "$state" ns:uts
expect_not '20001 rules, 60001 patterns' "$(ns_of uts)" "$OUT"
expect_silent '20001 rules, 60001 patterns'

# What changes while it is read is refused: this file's size says 0, and it has more.
run env LD_PRELOAD="$LIB" NSSHIM_PROFILE=/proc/self/status "$state" args
expect_eq 'a file that changes: exit status' 125 "$RC"
expect_line 'a file that changes' '^nsshim: read /proc/self/status: .*changed'

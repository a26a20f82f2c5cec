#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# Each profile asks for a new uts namespace for one program, whose name the pattern has to hold
# exactly; the other is there to stay outside.
host=$(ns_of uts)
takes() { # TEXT [NAME]: as printf's %b has it
	local text=$1 name=${2-prog}
	[ -e "$T/$name" ] || cp "$state" "$T/$name"
	printf '%b' "$text" >"$T/p.ini"
	for way in execve:fork posix_spawn:direct raw:fork; do
		run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$T/p.ini" "$door" "${way%:*}" "${way#*:}" "$T/$name" ns:uts
		expect_silent "$text, $way"
		expect_like "$text, $way: inside" '^uts:' "$OUT"
		expect_not "$text, $way: inside" "$host" "$OUT"
	done
	run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$T/p.ini" "$door" execve fork "$T/stranger" ns:uts
	expect_eq "$text: another program" "$host" "$OUT"
	expect_silent "$text: another program"
}
cp "$state" stranger

# Blanks, comments, headers, assignments.
takes '\n \t\n# c\n; c\n  # c\n\t; [c]\n[a]\n\n#uts = host\n;uts = host\nmatch=prog\nuts=new\n'
takes '[a]\nmatch  =  prog  \nuts\t=\tnew\t\n'
takes '[a] ; a comment\nmatch = prog ; a comment\nuts = new\t; = another ] one\n'
takes '[a] \t\nmatch = prog ;\nuts = new ;;\n'
# In a value `#`, quotes and a `;` after no blank are bytes like others; so are `=`, `:` and brackets.
takes '[a]\nmatch = a#b\nuts = new\n' 'a#b'
takes '[a]\nmatch = a #b\nuts = new\n' 'a #b'
takes '[a]\nmatch = #b\nuts = new\n' '#b'
takes '[a]\nmatch = "a b"\nuts = new\n' '"a b"'
takes "[a]\nmatch = 'a'\nuts = new\n" "'a'"
takes '[a]\nmatch = a;b\nuts = new\n' 'a;b'
takes '[a]\nmatch = a=b:c\nuts = new\n' 'a=b:c'
takes '[a]\nmatch =  a b\nuts = new\n' 'a b'
takes '[a]\nmatch = A\nuts = new\n' A
# The ends of lines and of the file, and its beginning.
takes '[a]\r\nmatch = prog\r\n\r\n# c\r\nuts = new\r\n'
takes '[a]\nmatch = prog\nuts = new'
takes '[a]\nmatch = prog\nuts = new\r'
takes '\xef\xbb\xbf[a]\nmatch = prog\nuts = new\n'
takes '\xef\xbb\xbf# c\n[a]\nmatch = prog\nuts = new\n'
# Names of sections are compared bytewise, and may hold all that is no blank at the edge.
takes '[A]\nmatch = other\nuts = new\n[a]\nmatch = prog\nuts = new\n[a b]\n[a;b]\n[a#b]\n[a=b]\n[\xc3\xa4]\n[\xc3\x84]\n'
# The order of keys has no meaning.
takes '[a]\nuts = new\nexcept = stranger\nmatch = stranger\nmatch = prog\n'
takes '[a]\nexcept = stranger\nloopback = no\nuts = new\nmatch = nothing\nmatch = prog\nexcept = nothing\n'
# What is repeated: any match is enough, each except excludes. Without a match, every program.
takes '[a]\nexcept = nothing\nexcept = strang?r\nuts = new\n'
takes '[a]\nmatch = *\nexcept = stranger\nuts = new\n'
# The words.
takes '[a]\nmatch = prog\nuts = new\nnet = host\npid = host\nsetgroups = deny\nfallback = userns\non_error = fail\nloopback = yes\n'
takes '[a]\nmatch = prog\nuts = new\nsetgroups = deny\non_error = continue\nloopback = no\ncwd = /\nuid_map = root\ngid_map = self\n'

# Extents of a map are taken in their order; blanks of any kind part their numbers.
run inside "user = new
gid_map = $(id -g)	$(id -g)   1" "$state" map:gid
expect_eq 'a map with blanks' "$(id -g) $(id -g) 1" "$OUT"
expect_silent 'a map with blanks'
# Maps that the language allows; who may have them written is another matter.
for map in '0 0 4294967295' '4294967294 4294967294 1' '0 1 1; 1 0 1' '0 0 10; 10 10 1; 11 100 5'; do
	profile "match = nothing; user = new; uid_map = ${map//; /$'\n'uid_map = }" >/dev/null
	run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$T/rules.ini" "$state" exit:5
	expect_eq "$map: exit status" 5 "$RC"
	expect_silent "$map"
done
# Inline: parted by `;`, with one at the end.
for value in 'match=prog;uts=new' 'match = prog ; uts = new ;' 'uts=new;except=stranger;' 'uts =new; match=a#b; match = "prog"; match=prog'; do
	run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$value" "$door" execve fork "$T/prog" ns:uts
	expect_silent "$value"
	expect_not "$value" "$host" "$OUT"
	run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$value" "$door" execve fork "$T/stranger" ns:uts
	expect_eq "$value: another program" "$host" "$OUT"
done

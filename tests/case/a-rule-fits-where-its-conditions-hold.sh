#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# The first rule where it holds, the second where it does not: by the exec, the spawn and the load door.
look() { # CONDITION...
	local text='[a]'$'\n''match = state'$'\n' c
	for c; do text+="only_if = $c"$'\n'; done
	printf '%s' "$text"'uts = new
hostname = holds
[b]
match = state
uts = new
hostname = fails
'
}
cp /bin/uname state
says() { # WANTED CONDITION...
	local file wanted=$1
	shift
	file=$(profile "$(look "$@")")
	export NSSHIM_PROFILE=$file
	run env LD_PRELOAD="$LIB" X=here "$PROG/door" execve fork ./state -n
	expect_eq "exec: $*" "$wanted" "$OUT"
	run env LD_PRELOAD="$LIB" X=here "$PROG/door" posix_spawn direct ./state -n
	expect_eq "spawn: $*" "$wanted" "$OUT"
	sed 's/^match = state/&\nwhen = load/' "$file" >loaded.ini
	NSSHIM_PROFILE=./loaded.ini run env LD_PRELOAD="$LIB" X=here "$PROG/door" execve fork ./state -n
	expect_eq "load: $*" "$wanted" "$OUT"
	expect_silent "$*"
	unset NSSHIM_PROFILE
}

me=$(id -u)
says holds "uid:$me"
says fails "uid:$((me + 1))"
says holds "user:$(id -un)"
says fails user:daemon
says holds env:X
says holds env:X=here
says fails env:X=her
says fails env:NOT_THERE
says holds parent:door
says holds "parent:$(readlink -f "$PROG/door")"
says fails parent:do
says holds "arg:1=-[m-o]"
says holds 'arg:0=*state'
says fails arg:2=*
says fails arg:1=n
if [ "$me" = 0 ]; then
	says fails not-root
else
	says holds not-root
fi
# Without a terminal here; with one, below.
says fails tty
says holds env:X arg:1=-n "uid:$me"
says fails env:X arg:1=-r "uid:$me"
cat >terminal.py <<'END'
import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
said = b""
try:
    while True:
        said += os.read(fd, 1000)
except OSError:
    pass
os.waitpid(pid, 0)
print(said.decode().strip())
END
NSSHIM_PROFILE=$(profile "$(look tty)") run python3 terminal.py env LD_PRELOAD="$LIB" "$PROG/door" posix_spawn direct ./state -n
expect_eq 'a terminal' holds "$OUT"

# A program that is replaced while it runs is what it was.
cp "$(readlink -f "$(type -P bash)")" old
for more in '' '
when = load'; do
	file=$(profile "$(look parent:old)")
	sed "s/^match = state/&${more//$'\n'/\\n}/" "$file" >replaced.ini
	cp "$(readlink -f "$(type -P bash)")" old
	NSSHIM_PROFILE=./replaced.ini run env LD_PRELOAD="$LIB" ./old -c 'rm old; ./state -n; true'
	expect_eq "replaced$more" holds "$OUT"
done

for line in 'uid:x' 'uid:' 'user:no-such-user-here' env: env:=x parent: arg:1 arg:x=y tty:1 root; do
	run inside "only_if = $line" true
	expect_eq "$line" 125 "$RC"
	expect_line "$line" '^nsshim: [^ ]*:2: only_if: '
done

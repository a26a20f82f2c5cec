#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

own_sets
fds='
import os
os.write(3, " ".join(fd for fd in os.listdir("/proc/self/fd") if os.path.exists("/proc/self/fd/" + fd)).encode())'
everything() { # WHAT WRAPPER...: each command does there what it is for
	local what=$1
	shift
	run "$@" "$NSSHIM" run -e uts=new -e hostname=in env uname -n
	expect_eq "$what: run" in "$OUT"
	run "$@" "$NSSHIM" exec -e uts=new -e hostname=in uname -n
	expect_eq "$what: exec" in "$OUT"
	expect_silent "$what: exec"
	run "$@" "$NSSHIM" trace -e uts=new -e hostname=in env uname -n
	expect_eq "$what: trace" in "$OUT"
	run "$@" "$NSSHIM" check uts=new
	expect_eq "$what: check" 0 "$RC"
	run "$@" "$NSSHIM" explain -e uts=new uname
	expect_eq "$what: explain" 0 "$RC"
	expect_like "$what: explain" 'unshare uts' "$OUT"
	run "$@" "$NSSHIM" doctor -e uts=new
	expect_eq "$what: doctor" 0 "$RC"
	expect_like "$what: doctor" '\[inline\] +can be entered' "$OUT"
	run "$@" "$NSSHIM" profiles
	expect_like "$what: profiles" 'default' "$OUT"
	run "$@" "$NSSHIM" show
	expect_like "$what: show" 'net = new' "$OUT"
	run "$@" "$NSSHIM" import --from unshare -- -u x
	expect_like "$what: import" $'\nuts = new' "$OUT"
	run "$@" "$NSSHIM" list
	expect_like "$what: list" '^NAME ' "$OUT"
	expect_silent "$what: list"
	run "$@" "$NSSHIM" drop nothing
	expect_eq "$what: drop" 1 "$RC"
}
everything 'no environment at all' env -i
everything 'no HOME' env -u HOME -u XDG_CONFIG_HOME
everything 'relative folders' env HOME=home XDG_CONFIG_HOME=config
everything 'a HOME that is not there' env HOME="$T/nowhere"
everything 'no standard descriptors but the output' sh -c 'exec "$@" <&-' -
if [ -n "$ROOT" ]; then
	everything 'a user without an entry' setpriv --reuid=54321 --regid=54322 --clear-groups env -u XDG_RUNTIME_DIR HOME=/nonexistent
else
	everything 'a user without an entry' unshare --user --map-user=54321 --map-group=54322 env -u XDG_RUNTIME_DIR
fi
everything 'another language' env LC_ALL=de_DE.UTF-8 LANG=xx COLUMNS=7 LINES=2 TERM=dumb
ln -s "$NSSHIM" linked
NSSHIM=./linked everything 'a link to it'
mkdir -p 'a folder' && cd 'a folder' || exit 1
ln -s "$BUILD" build
NSSHIM=build/nsshim everything 'a relative path'
cd .. || exit 1

# Where sets would be is looked at, and not made; what cannot be looked at is named.
mkdir runtime && chmod 700 runtime
run env XDG_RUNTIME_DIR="$T/runtime" "$NSSHIM" list
expect_eq 'list makes nothing' '' "$(ls -A runtime)"
run env XDG_RUNTIME_DIR="$T/runtime" "$NSSHIM" drop x
expect_eq 'nor does drop' '' "$(ls -A runtime)"
mkdir -m 0 runtime/nsshim
[ -n "$ROOT" ] || for command in list 'drop x'; do
	# shellcheck disable=SC2086 # words
	run env XDG_RUNTIME_DIR="$T/runtime" "$NSSHIM" $command
	expect_eq "$command, a folder that is closed: exit status" 125 "$RC"
	expect_line "$command, a folder that is closed" "^nsshim: opendir $T/runtime/nsshim: Permission denied \(EACCES\)"
done

# A terminal or not, and whose words it knows: bytes beyond ASCII in UTF-8 alone.
for locale in LC_ALL=C LC_CTYPE=POSIX 'LC_ALL=C LANG=C.UTF-8' LANG= LC_ALL=en_US.ISO-8859-1; do
	# shellcheck disable=SC2086 # assignments
	run env -u LANG -u LC_ALL -u LC_CTYPE $locale "$NSSHIM" doctor
	LC_ALL=C grep -q "$(printf '[\200-\377]')" .out && fail "doctor, with $locale: bytes beyond ASCII"
	expect_like "doctor, with $locale" '^ok kernel' "$OUT"
done
for locale in LC_ALL=C.UTF-8 LANG=de_DE.utf8 'LC_CTYPE=C.UTF-8 LANG=C'; do
	# shellcheck disable=SC2086
	run env -u LANG -u LC_ALL -u LC_CTYPE $locale "$NSSHIM" doctor
	expect_like "doctor, with $locale" '^✓ kernel' "$OUT"
done

# Nothing is in the place of descriptors that were closed. (trace wants one to tell on.)
for command in run exec trace; do
	err='2>&-'
	[ $command != trace ] || err='2>/dev/null'
	closed=(sh -c '"$@" 3>&1 <&- >&- '"$err" -)
	run "${closed[@]}" "$NSSHIM" $command -e uts=new python3 -c "$fds"
	expect_eq "$command, without descriptors" "$("${closed[@]}" python3 -c "$fds")" "$OUT"
done

# What is preloaded stays, in the words that ld.so takes.
for others in "$PROG/other.so" "$PROG/other.so:$PROG/third.so" "$PROG/other.so $PROG/third.so" ":$PROG/other.so"; do
	run env LD_PRELOAD="$others" "$NSSHIM" run -p none sh -c 'echo "$LD_PRELOAD"'
	expect_eq "LD_PRELOAD=$others" "$LIB:$others" "$OUT"
	run env LD_PRELOAD="$others" "$NSSHIM" exec -e uts=new sh -c 'echo "$LD_PRELOAD"'
	expect_eq "exec with LD_PRELOAD=$others" "$others" "$OUT"
done
run env LD_PRELOAD="$LIB:$PROG/other.so" NSSHIM_PROFILE=none "$NSSHIM" run -p none sh -c 'echo "$LD_PRELOAD"'
expect_eq 'the library is there once' "$LIB:$PROG/other.so" "$OUT"

# A program with set-id bits would not load it: that is told, and the way out; exec is one.
cp "$(command -v env)" env-set && chmod 4755 env-set
set_id=$T/env-set
run "$NSSHIM" run "$set_id" true
if [ -n "$ROOT" ]; then
	setpriv --reuid=54321 --regid=54321 --clear-groups "$NSSHIM" run "$set_id" true 2>.err
	RC=$? ERR=$(cat .err)
fi
[ -n "$ROOT" ] && {
	expect_eq 'set-id: exit status' 125 "$RC"
	expect_line 'set-id' '^nsshim: run: .*/env-set would not load the library \(.*set-user-ID.*see nsshim exec$'
}
run "$NSSHIM" exec -e uts=new -e hostname=in "$set_id" uname -n
expect_eq 'set-id: exec' in "$OUT"

# Without /proc nothing tells where the command is: it says so, and doctor what helps.
no_proc() {
	unshare "${OWN[@]}" --mount sh -c 'umount -l /proc 2>/dev/null || mount -t tmpfs none /proc; exec "$@"' - "$@"
}
[ -e /usr/local/lib/libnsshim.so ] || {
	run no_proc "$NSSHIM" run true
	expect_eq 'no /proc: run' 125 "$RC"
	expect_line 'no /proc: run' '^nsshim: run: /proc is not mounted, .*mount -t proc proc /proc$'
	run no_proc "$NSSHIM" doctor
	expect_eq 'no /proc: doctor' 1 "$RC"
	expect_like 'no /proc: doctor' 'namespaces +/proc is not mounted.*'$'\n'' +mount -t proc proc /proc' "$OUT"
	expect_like 'no /proc: doctor' 'limits +user.max_\*_namespaces cannot be read' "$OUT"
}

# shellcheck shell=bash
# shellcheck disable=SC2034 # COUNT is for the cases
# What each posix_spawn call of a table does with libc alone, and what it does with the shim, where
# a rule may fit: it is the shim then that carries out attributes and actions. Sourced by the cases
# that compare the two. The words: tests/prog/spawn-parity.c.

mkdir -p bin other closed/in
cp "$PROG/child-report" bin/report
cp bin/report bin/not-executable && chmod 644 bin/not-executable
cp bin/report closed/in/report && chmod 000 closed
cp bin/report bin/busy
echo "exec $T/bin/report \"\$0\" \"\$@\"" >bin/text
printf '#!%s one two\n' "$T/bin/report" >bin/script
printf '#!/not/there\n' >bin/orphan
printf '\177ELF and no more' >bin/broken
: >bin/empty
chmod 755 bin/text bin/script bin/orphan bin/broken bin/empty
ln -s round bin/round
ln -s report bin/link
mkdir bin/folder
touch out file && chmod 666 out file
long=$(printf '%0300d' 0)
deep=$(printf 'x/%.0s' {1..2100})

cat >table <<-END
	plain spawn=bin/report
	absolute spawn=$T/bin/report
	link spawn=bin/link
	dotted spawn=./bin/../bin/report
	in-the-folder cd=bin spawn=report
	arguments args=3 spawn=bin/report
	many-arguments args=20001 spawn=bin/report
	no-argv no-argv spawn=bin/report
	empty-argv0 argv0= spawn=bin/report
	own-environment env=A=1 env=B=2 spawn=bin/report
	no-environment no-env spawn=bin/report
	null-environment null-env spawn=bin/report
	null-pid null-pid spawn=bin/report
	script spawn=bin/script
	script-arguments args=2 spawn=bin/script
	script-by-path PATH=bin spawnp=script
	zeroed zero spawn=bin/report
	zeroed-then-filled zero +close=0 +dup=1,5 spawn=bin/report
	copied copy +close=0 +dup=1,5 @setsid spawn=bin/report
	twice twice +close=0 +dup=1,5 @setsid spawn=bin/report
	umbrella +close=0 +open=0,0,0,/dev/null +dup=0,7 +chdir=other @pgroup=0 @mask=10 @default=2 spawn=../bin/report

	missing spawn=bin/none
	missing-folder spawn=none/report
	empty-name spawn=
	folder spawn=bin/folder
	not-a-folder spawn=bin/report/x
	not-executable spawn=bin/not-executable
	closed-folder spawn=closed/in/report
	no-interpreter spawn=bin/orphan
	text spawn=bin/text
	empty-file spawn=bin/empty
	broken spawn=bin/broken
	round spawn=bin/round
	long-name spawn=bin/$long
	long-path spawn=$deep
	busy busy=bin/busy spawn=bin/busy
	too-big long=200000 spawn=bin/report
	missing-ignored ignore=17 spawn=bin/none
	missing-null-pid null-pid spawn=bin/none
	missing-handled handle=17 spawn=bin/none
	missing-twice twice spawn=bin/none

	old-text old=bin/text
	old-text-arguments args=2 old=bin/text
	old-text-many args=20001 old=bin/text
	old-text-no-argv no-argv old=bin/text
	old-text-by-slash PATH=other oldp=bin/text
	old-empty old=bin/empty
	old-broken old=bin/orphan
	old-missing old=bin/none
	old-plain +dup=1,5 old=bin/report
	old-by-path PATH=bin oldp=report
	old-by-path-here PATH= cd=bin oldp=text
	old-script old=bin/script

	by-path PATH=bin spawnp=report
	by-path-second PATH=none:other:bin spawnp=report
	by-path-absolute PATH=/none:$T/bin spawnp=report
	by-path-slash PATH=none spawnp=bin/report
	by-path-missing PATH=none:other spawnp=report
	by-path-empty PATH= cd=bin spawnp=report
	by-path-empty-parts PATH=:: cd=bin spawnp=report
	by-path-last-empty PATH=none: cd=bin spawnp=report
	by-path-first-empty PATH=:none cd=bin spawnp=report
	by-path-unset no-PATH spawnp=report
	by-path-unset-found no-PATH spawnp=true
	by-path-empty-name PATH=bin spawnp=
	by-path-refused PATH=bin:other spawnp=not-executable
	by-path-refused-then-found PATH=refused:bin spawnp=report
	by-path-folder PATH=bin spawnp=folder
	by-path-file-in-it PATH=bin/report:bin spawnp=report
	by-path-round PATH=bin/round:bin spawnp=report
	by-path-round-name PATH=bin:other spawnp=round
	by-path-closed PATH=closed/in:bin spawnp=report
	by-path-closed-only PATH=closed/in spawnp=report
	by-path-orphan PATH=bin:other spawnp=orphan
	by-path-text PATH=bin spawnp=text
	by-path-broken PATH=bin:other spawnp=broken
	by-path-long-name PATH=bin spawnp=$long
	by-path-long-part PATH=$deep:bin spawnp=report
	by-path-long-part-name PATH=$long:bin spawnp=report
	by-path-busy PATH=bin:other busy=bin/busy spawnp=busy
	by-path-after-chdir PATH=. +chdir=bin spawnp=report
	by-path-before-chdir PATH=bin +chdir=other spawnp=report
	by-path-of-the-parent PATH=bin env=PATH=other spawnp=report
	by-path-not-of-the-child PATH=other env=PATH=bin spawnp=report

	close +close=0 spawn=bin/report
	close-all +close=0 +close=1 +close=2 spawn=bin/report
	close-closed +close=400 spawn=bin/report
	close-negative +close=-1 spawn=bin/report
	close-beyond +close=70000000 spawn=bin/report
	close-beyond-later +close=50 limit=20 spawn=bin/report
	close-twice fd=9 +close=9 +close=9 spawn=bin/report
	dup +dup=0,9 spawn=bin/report
	dup-swap +dup=0,9 +dup=1,0 +dup=9,1 spawn=bin/report
	dup-over fd=9 +dup=0,9 spawn=bin/report
	dup-onto-itself fd=9,cloexec +dup=9,9 spawn=bin/report
	dup-onto-itself-open fd=9 +dup=9,9 spawn=bin/report
	dup-onto-itself-closed +dup=9,9 spawn=bin/report
	dup-of-cloexec fd=9,cloexec +dup=9,10 spawn=bin/report
	dup-closed +dup=400,9 spawn=bin/report
	dup-negative +dup=-1,9 spawn=bin/report
	dup-beyond +dup=0,50 limit=20 spawn=bin/report
	open +open=9,0,0,/dev/null spawn=bin/report
	open-lowest +close=0 +open=0,0,0,/dev/null spawn=bin/report
	open-over fd=9 +open=9,0,0,/dev/null spawn=bin/report
	open-itself fd=9 +open=9,0,0,/proc/self/fd/9 spawn=bin/report
	open-writing +open=9,0x401,0,file spawn=bin/report
	open-creating +open=9,0x241,0640,made spawn=bin/report
	open-exclusive +open=9,0xc1,0600,file spawn=bin/report
	open-cloexec +open=9,0x80000,0,/dev/null spawn=bin/report
	open-cloexec-lowest +close=0 +open=0,0x80000,0,/dev/null spawn=bin/report
	open-missing +open=9,0,0,none spawn=bin/report
	open-missing-closed-first fd=9 +open=9,0,0,none spawn=bin/report
	open-refused +open=9,0,0,closed/in/report spawn=bin/report
	open-folder +open=9,0x10000,0,other spawn=bin/report
	open-not-a-folder +open=9,0x10000,0,file spawn=bin/report
	open-round +open=9,0,0,bin/round spawn=bin/report
	open-full limit=24 fill +open=9,0,0,/dev/null spawn=bin/report
	open-full-other limit=24 +open=23,0,0,/dev/null fill spawn=bin/report
	open-last limit=24 +open=23,0,0,/dev/null spawn=bin/report
	open-beyond +open=50,0,0,/dev/null limit=24 spawn=bin/report
	open-then-fail +open=9,0x241,0600,made-and-left spawn=bin/none
	full limit=24 fill spawn=bin/report
	full-missing limit=24 fill spawn=bin/none
	chdir +chdir=other spawn=../bin/report
	chdir-absolute +chdir=/ spawn=$T/bin/report
	chdir-missing +chdir=none spawn=bin/report
	chdir-file +chdir=file spawn=bin/report
	chdir-closed +chdir=closed spawn=$T/bin/report
	chdir-before-open +chdir=/dev +open=9,0,0,null spawn=$T/bin/report
	chdir-makes-relative +chdir=bin spawn=report
	chdir-away +chdir=other spawn=bin/report
	fchdir +open=9,0x10000,0,other +fchdir=9 spawn=../bin/report
	fchdir-closed +fchdir=9 spawn=bin/report
	fchdir-file fd=9 +fchdir=9 spawn=bin/report
	closefrom fd=9 fd=30 +closefrom=3 spawn=bin/report
	closefrom-all fd=9 +closefrom=0 spawn=bin/report
	closefrom-nothing fd=9 +closefrom=700 spawn=bin/report
	closefrom-full limit=40 fill +closefrom=3 spawn=bin/report
	closefrom-then-open fd=9 +closefrom=3 +open=4,0,0,/dev/null spawn=bin/report
	closefrom-negative +closefrom=-1 spawn=bin/report
	inherited fd=9 fd=10,cloexec spawn=bin/report
	tcsetpgrp pty @pgroup=0 +tcsetpgrp=0 spawn=bin/report
	tcsetpgrp-own pty +tcsetpgrp=0 spawn=bin/report
	tcsetpgrp-no-terminal +tcsetpgrp=1 spawn=bin/report
	tcsetpgrp-closed +tcsetpgrp=40 spawn=bin/report
	tcsetpgrp-after-open pty @pgroup=0 +open=9,2,0,/dev/tty +tcsetpgrp=9 spawn=bin/report
	tcsetpgrp-background pty background @pgroup=0 +tcsetpgrp=0 spawn=bin/report
	tcsetpgrp-background-own pty background +tcsetpgrp=0 spawn=bin/report
	tcsetpgrp-background-missing pty background @pgroup=0 +tcsetpgrp=0 spawn=bin/none
	tcsetpgrp-then-closefrom pty fd=9 @pgroup=0 +tcsetpgrp=0 +closefrom=3 spawn=bin/report
	tcsetpgrp-then-closefrom-all pty fd=9 @pgroup=0 +tcsetpgrp=0 +closefrom=0 spawn=bin/report
	tcsetpgrp-then-dup pty @pgroup=0 +tcsetpgrp=0 +dup=1,100 spawn=bin/report
	tcsetpgrp-then-dups pty @pgroup=0 +tcsetpgrp=0 +dup=1,3 +dup=1,4 +dup=1,5 +close=3 spawn=bin/report
	tcsetpgrp-then-open pty @pgroup=0 +tcsetpgrp=0 +open=3,0,0,/dev/null +open=4,0,0,/dev/null spawn=bin/report
	tcsetpgrp-then-dup-closed pty @pgroup=0 +tcsetpgrp=0 +dup=3,9 spawn=bin/report
	tcsetpgrp-then-fchdir-closed pty @pgroup=0 +tcsetpgrp=0 +fchdir=3 spawn=bin/report
	tcsetpgrp-by-path pty @pgroup=0 +tcsetpgrp=0 PATH=none:refused:other:bin spawnp=report
	tcsetpgrp-full pty @pgroup=0 +tcsetpgrp=0 limit=24 fill spawn=bin/report
	tcsetpgrp-foreign pty @setsid +tcsetpgrp=0 spawn=bin/report

	signals handle=10,15,34,64 ignore=2,12,40 block=14,45 spawn=bin/report
	signals-all-handled handle=all spawn=bin/report
	signals-all-ignored ignore=all spawn=bin/report
	signals-all-blocked block=all spawn=bin/report
	signals-libcs block=32,33 spawn=bin/report
	mask @mask=10,12 block=14 spawn=bin/report
	mask-none @mask= block=14 spawn=bin/report
	mask-all @mask=all spawn=bin/report
	mask-kept block=17 spawn=bin/report
	mask-unused @0 @mask=10 spawn=bin/report
	default @default=2 ignore=2,12 spawn=bin/report
	default-all @default=all ignore=2,12,17,34,64 spawn=bin/report
	default-handled @default=10 handle=10,12 spawn=bin/report
	default-none @default= ignore=2 spawn=bin/report
	default-with-mask @default=2 @mask=2 ignore=2 block=15 spawn=bin/report
	sigchld-ignored ignore=17 spawn=bin/report
	sigchld-default-ignored ignore=17 @default=17 spawn=bin/report

	setsid @setsid spawn=bin/report
	pgroup @pgroup=0 spawn=bin/report
	pgroup-none @pgroup=999999 spawn=bin/report
	pgroup-init @pgroup=1 spawn=bin/report
	pgroup-negative @pgroup=-1 spawn=bin/report
	setsid-pgroup @setsid @pgroup=0 spawn=bin/report
	setsid-with-terminal pty @setsid spawn=bin/report
	setsid-by-path @setsid PATH=none:refused:other:bin spawnp=report
	setsid-by-path-missing @setsid PATH=none:other spawnp=report
	pgroup-by-path @pgroup=0 PATH=none:refused:other:bin spawnp=report
	setsid-with-open terminal @setsid +open=0,2,0,terminal spawn=bin/report
	setsid-with-open-closefrom terminal fd=9 @setsid +open=0,2,0,terminal +closefrom=3 spawn=bin/report
	setsid-with-open-dup terminal @setsid +open=0,2,0,terminal +dup=1,100 +dup=1,3 spawn=bin/report
	setsid-with-open-by-path terminal @setsid +open=0,2,0,terminal PATH=none:bin spawnp=report
	setsid-with-open-tcsetpgrp terminal @setsid +open=0,2,0,terminal +tcsetpgrp=0 spawn=bin/report
	setsid-with-open-tty terminal @setsid +open=0,2,0,terminal +open=9,2,0,/dev/tty spawn=bin/report
	setsid-with-open-noctty terminal @setsid +open=0,0x102,0,terminal spawn=bin/report
	setsid-with-open-closed terminal @setsid +open=9,2,0,terminal +close=9 spawn=bin/report
	setsid-with-opens pty terminal @setsid +open=0,0,0,/dev/null +open=5,2,0,own-terminal +open=6,2,0,terminal spawn=bin/report
	setsid-with-tty pty @setsid +open=9,2,0,/dev/tty spawn=bin/report
	setsid-with-tty-missing @setsid +open=9,2,0,/dev/tty spawn=bin/report
	resetids @resetids spawn=bin/report
	usevfork @usevfork spawn=bin/report
	flag-unknown @0x4000 spawn=bin/report
	flags-none @0 spawn=bin/report
	param @param=0 spawn=bin/report
	param-wrong @param=5 spawn=bin/report
	sched-other @sched=0,0 spawn=bin/report
	sched-round-robin @sched=2,7 spawn=bin/report
	sched-wrong @sched=77,0 spawn=bin/report
	sched-wrong-priority @sched=0,9 spawn=bin/report
	sched-fifo @sched=1,5 spawn=bin/report
	sched-and-param @sched=1,3 @param=4 spawn=bin/report
	nice nice=3 spawn=bin/report
	everything handle=10 ignore=2 block=14 fd=9,cloexec @resetids @setsid @mask=12 @default=2 @sched=0,0 +dup=9,9 +chdir=other +closefrom=12 args=2 env=A=1 spawn=../bin/report
END
# An ordinary user cannot be another, and what root may enter is another thing for it afterwards.
[ -z "$ROOT" ] || cat >>table <<-END
	resetids-effective ids=1234,0 @resetids spawn=bin/report
	resetids-drop ids=0,1234 @resetids spawn=bin/report
	dropped ids=1234,1234 spawn=bin/report
END
mkdir refused && cp bin/not-executable refused/report && chmod 644 refused/report

outcome() { # MODE WORD...: what env is given before spawn-parity
	local mode=$1
	shift
	rm -f made made-and-left
	# shellcheck disable=SC2086 # no mode is no argument
	env -i PATH="$PATH" A_VARIABLE=1 "$@" "$PROG/spawn-parity" $mode <table 2>&1 | cat >now
	COUNT=$(tail -n 1 now)
	# Another test may have a terminal too.
	sed '$d; s,/dev/pts/[0-9]*,/dev/pts/N,g' now
	ls made made-and-left 2>&1
}

same() { # WHAT
	local difference
	difference=$(diff libc shim) || fail "$1: < libc alone, > with the shim"$'\n'"$difference"
}

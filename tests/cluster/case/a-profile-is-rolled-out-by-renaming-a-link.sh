#!/bin/bash
. "$(dirname "$0")/../cases.sh"

for host in one two; do
	on $host install -d /etc/nsshim
	echo $'[name]\nmatch = hostname\nuts = new\nhostname = of-1' | on $host tee /etc/nsshim/site-1.ini >/dev/null
	on $host ln -s site-1.ini /etc/nsshim/site.ini
done
chown user: .
sed -n '/^cd \/etc\/nsshim$/,/^\.Ed$/p' "$W/nsshim-cluster.7" | sed '$d; s/ranks/site/g' >roll
[ -s roll ] || fail 'the page has no such lines'
roll_out() { # HOST TEXT
	printf '%s\n' "$2" | on "$1" tee /etc/nsshim/site-2.ini >/dev/null && on "$1" sh "$T/roll"
}
name() { # HOST PROFILE
	user ssh "$1" nsshim exec -p "$2" hostname
}

# A version that is wrong stays what it is, and is nobody's.
run roll_out one $'[name]\nmatch = hostname\nuts = new\nhostnam = of-2'
expect_like 'one that is wrong' 'site-2.ini:4: hostnam: unknown key' "$OUT$ERR"
expect_eq 'one that is wrong' of-1 "$(name one site)"
expect_eq 'one that is wrong leaves nothing' $'site-1.ini\nsite-2.ini\nsite.ini' "$(on one ls /etc/nsshim)"

# While programs start, each has the one or the other: a process that has begun what it read then, and
# one that begins after that the new one. A job that names its version has that to its end.
cat >job <<'END_OF_JOB'
#!/bin/sh
while [ ! -e "$1" ]; do sh -c 'hostname; exit $?' && hostname >>"$1.itself" || exit; done
sh -c 'hostname; exit $?'
END_OF_JOB
chmod 755 job
user ssh one "cd $T && LD_PRELOAD=$PRELOAD NSSHIM_PROFILE=site ./job end.link" >of-site 2>&1 &
by_link=$!
user ssh one "cd $T && LD_PRELOAD=$PRELOAD NSSHIM_PROFILE=site-1 ./job end.version" >of-version 2>&1 &
by_version=$!
for ((i = 0; i < 200; i++)); do [ ! -s of-site ] || break; sleep 0.05; done
[ "$(head -n 1 of-site)" = of-1 ] || fail 'the job does not start by the old version'
for i in 1 2 3 4 5; do
	on one rm -f /etc/nsshim/site-2.ini
	run roll_out one $'[name]\nmatch = hostname\nuts = new\nhostname = of-2'
	expect_eq 'rolled out' 0 "$RC"
	on one sh -c 'cd /etc/nsshim && ln -s site-1.ini back && mv -T back site.ini'
done
roll_out one $'[name]\nmatch = hostname\nuts = new\nhostname = of-2'
user touch end.link end.version
wait $by_link
expect_eq 'while it is rolled out: exit status' 0 $?
wait $by_version
expect_eq 'by the version: exit status' 0 $?
expect_eq 'while it is rolled out' $'of-1\nof-2' "$(sort -u of-site)"
expect_eq 'after it' of-2 "$(tail -n 1 of-site)"
expect_eq 'by the process that began before' of-1 "$(sort -u end.link.itself)"
expect_eq 'by the version' of-1 "$(sort -u of-version)"

# Written in its place it is read while it is half there, and may be a profile then.
printf '[none]\nmatch = nobody\n' >half.ini
expect_eq 'half of it' one "$(user ssh one "cd $T && LD_PRELOAD=$PRELOAD NSSHIM_PROFILE=./half.ini sh -c 'hostname; :'")"

# Do two hosts do the same?
sed -n '/^for host in one two; do$/,/^\.Ed$/p' "$W/nsshim-cluster.7" | sed '$d' >compare
[ -s compare ] || fail 'the page has no such lines'
compare() { # PROFILE PROGRAM
	sed "s,-p ranks /bin/true,-p $1 $2," compare >"compare-$1"
	user bash "compare-$1"
}
compare ranks /bin/true || fail 'the same profile is not the same on both hosts'
grep -q '"rule": *"parallel"' one.json || fail 'what is compared is not what a task does'
compare site /bin/hostname >/dev/null && fail 'two versions are the same'
roll_out two $'[name]\nmatch = hostname\nuts = new\nhostname = of-2'
compare site /bin/hostname || fail 'the new version is not the same on both hosts'
for host in one two; do on $host rm -r /etc/nsshim; done

# The library is replaced, while it is in use, by a file that is renamed over it.
user ssh one "cd $T && LD_PRELOAD=$PRELOAD NSSHIM_PROFILE='match = hostname; uts = new; hostname = inside' ./job ended" >while 2>&1 &
for ((i = 0; i < 200; i++)); do [ ! -s while ] || break; sleep 0.05; done
for i in 1 2 3 4 5; do
	cp /usr/local/lib/libnsshim.so /usr/local/lib/new && mv /usr/local/lib/new /usr/local/lib/libnsshim.so
	sleep 0.1
done
user touch ended
wait $!
expect_eq 'while the library is replaced: exit status' 0 $?
expect_eq 'while the library is replaced' inside "$(sort -u while)"
exit "$FAILED"

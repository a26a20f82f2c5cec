#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

own_sets
copy=$T/inner-sh
cp "$(readlink -f /bin/sh)" "$copy"
cat >start.py <<'END'
import os, sys, time

# HOW SCRIPT: how the program ended, and whether it was the child that it was said to be.
argv = ["inner-sh", "-c", sys.argv[2]]
path = os.path.abspath("inner-sh")
if sys.argv[1] == "posix_spawn":
    pid = os.posix_spawn(path, argv, os.environ)
else:
    pid = os.fork()
    if pid == 0:
        os.execv(path, argv)
program = ""
if len(sys.argv) > 3:
    os.read(os.open(sys.argv[3], os.O_RDONLY), 1)
    here = open("/proc/%d/status" % pid).read()
    program = " child" if here.split("NSpid:")[1].split("\n")[0].split()[-1] != str(pid) else " monitor"
    while not os.path.exists("done"):
        time.sleep(0.02)
    os.write(os.open(sys.argv[4], os.O_WRONLY), b"\n")
_, status = os.waitpid(pid, 0)
print("signal %d" % os.WTERMSIG(status) if os.WIFSIGNALED(status) else "exit %d" % os.WEXITSTATUS(status), end="")
print(program)
END
rule='[rule]
match = */inner-sh
pid = new
mnt = new
share = one'

for how in posix_spawn fork; do
	for maps in self root; do
		case=$how,' '$maps
		rm -f ready go
		mkfifo ready go
		# The first stays while the second looks.
		run shim "$rule"$'\n'"uid_map = $maps"$'\n'"gid_map = $maps" sh -c '
			python3 start.py $0 "readlink /proc/self/ns/pid >first; echo \$\$ >pid; echo >ready; read -r _ <go; exit 7" ready go &
			while [ ! -s pid ]; do sleep 0.02; done
			python3 start.py $0 "readlink /proc/self/ns/pid >second; ps -e -o pid= -o comm= >seen; kill -9 \$\$"
			: >done
			wait
			rm pid done' "$how"
		expect_silent "$case"
		child=child
		# A user namespace with other ids in it is entered by a process of its own, which stays.
		[ "$how" = posix_spawn ] && [ "${ROOT:-$maps}" != root ] || child=monitor
		expect_eq "$case: how they ended" "exit 7 $child
signal 9" "$(sort <<<"$OUT")"
		expect_eq "$case: one pid namespace" "$(cat first)" "$(cat second)"
		expect_not "$case: another than outside" "$(ns_of pid)" "$(cat first)"
		expect_eq "$case: the first of all" nsshim "$(awk '$1 == 1 { print $2 }' seen)"
		expect_eq "$case: both are seen" 2 "$(grep -c inner-sh seen)"
		expect_no_sets "$case"
	done
done

# The set outlives the wrapped program, and every member keeps it: also what one has only started.
for how in posix_spawn fork; do
	rm -f late
	run shim "$rule" python3 start.py "$how" '(sleep 1; cat /proc/1/comm >late) & exit 0'
	expect_eq "$how, one that was left behind: its parent" 'exit 0' "$OUT"
	expect_like "$how, one that was left behind: listed" "one  .*pid +[12] " "$("$NSSHIM" list)"
	for ((i = 0; i < 150; i++)); do
		[ ! -s late ] || break
		sleep 0.02
	done
	expect_eq "$how, one that was left behind lived to its end" nsshim "$(cat late)"
	expect_no_sets "$how, after the last"
done

# Many come and go at the end of a set: none is killed by that.
run shim "$rule, user" sh -c 'for i in $(seq 60); do ./inner-sh -c "sleep 0.0$((i % 10)); exit 3" || echo $?; done'
expect_silent 'many'
expect_eq 'many: all ended by themselves' '60 3' "$(uniq -c <<<"$OUT" | xargs)"
file=$(profile "$rule, user")
for i in $(seq 25); do
	LD_PRELOAD=$LIB NSSHIM_PROFILE=$file sh -c './inner-sh -c "exit 3"; echo $?' &
	sleep "0.0$((i * 7 % 10))"
done >ends 2>&1
wait
expect_eq 'many trees: all ended by themselves' '25 3' "$(sort ends | uniq -c | xargs)"
expect_no_sets 'after them all'

# drop ends all that is inside.
for how in posix_spawn fork; do
	shim "$rule" python3 start.py "$how" 'sleep 1000 & echo >there; sleep 1000' >out 2>&1 &
	for ((i = 0; i < 250; i++)); do
		[ ! -e there ] || break
		sleep 0.02
	done
	rm there
	run "$NSSHIM" drop one
	expect_eq "$how, drop: exit status" 0 "$RC"
	expect_like "$how, drop: what it says" 'which had [234] members' "$OUT"
	wait $!
	expect_eq "$how: how the program ended" 'signal 9' "$(cat out)"
	expect_no_sets "$how, after drop" 1
done

# No other process's namespace can be that of a set.
run shim 'pid = /proc/1/ns/pid; net = new; share = one' env true
expect_eq 'a pid namespace that is joined: exit status' 125 "$RC"
expect_line 'a pid namespace that is joined' 'share: not in a pid namespace that is joined'

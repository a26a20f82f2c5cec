#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# The pairs of nsshim-from(7): a command, and the rule that is said to be the same. What the program
# sees of itself is compared, but for numbers that are others each time.
mapfile -t line < <(sed -n 's/^\.Dl //p' "$TESTS/../shim/nsshim-from.7")
[ ${#line[@]} -ge 36 ] || fail "only ${#line[@]} lines"
cat >probe.py <<'END'
import os, resource, socket, sys
host = dict(word.split("=") for word in sys.argv[1].split())
for kind, name in sorted(host.items()):
    try:
        print(kind, "host" if os.readlink("/proc/self/ns/" + kind) == name else
              "pid" if os.readlink("/proc/self/ns/" + kind) in sys.argv[2] else "own")
    except OSError:
        print(kind, "?")
print("ids", os.getresuid(), os.getresgid())
try:
    for text in open("/proc/self/status"):
        if text.split(":")[0] in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Cpus_allowed_list"):
            print(text.strip())
    for path in "uid_map", "gid_map":
        words = open("/proc/self/" + path).read().split()
        print(path, words[0::3], words[2::3])
    for path in "setgroups", "oom_score_adj":
        print(path, open("/proc/self/" + path).read().split())
    print("boottime", int(open("/proc/uptime").read().split(".")[0]) // 50000)
except OSError:
    print("no /proc")
print(socket.gethostname() == host.get("x", "x"), socket.gethostname() if socket.gethostname() == "in" else "")
print([resource.getrlimit(r) for r in range(15) if r != resource.RLIMIT_NICE])
print(os.nice(0), os.getcwd() if os.getcwd() != os.environ.get("HERE") else "here", os.umask(0))
print(sorted(k + "=" + v for k, v in os.environ.items() if k in ("A", "PATH", "HOME")))
print("session", os.getsid(0) == int(sys.argv[3]))
print(sorted(os.listdir("/"))[:30], os.path.isdir("/tmp") and not os.listdir("/tmp"),
      "kmsg" in os.listdir("/dev") if os.path.isdir("/dev") else "")
def writable(path):
    try:
        os.close(os.open(path + "/nsshim-probe-" + sys.argv[4], os.O_CREAT | os.O_WRONLY))
        os.unlink(path + "/nsshim-probe-" + sys.argv[4])
        return True
    except OSError as e:
        return e.errno
print([writable(p) for p in ("/", "/etc", "/tmp", "/usr")])
def propagation():
    for text in open("/proc/self/mountinfo"):
        if text.split()[4] == "/":
            return text.split(" - ")[0].split()[6:]
try:
    print([w.split(":")[0] for w in propagation()])
except OSError:
    pass
END
cd / || exit 1
unshare -rnu sleep 1000 &
pid=$!
await sleep $pid
trap 'kill $pid; leave' EXIT
host=
for kind in $KINDS pid; do host="$host $kind=$(ns_of "$kind")"; done
theirs=
for kind in user net uts; do theirs="$theirs $(ns_of "$kind" $pid)"; done
python=$(readlink -f /usr/bin/python3)
probe=("$python" -c "$(cat "$T/probe.py")" "$host" "$theirs" "$(ps -o sid= -p $$)" $$)
for ((i = 0; i < ${#line[@]}; i += 2)); do
	read -ra command <<<"${line[i]//PID/$pid}"
	rule=${line[i + 1]//PID/$pid}
	expect_eq 'a command' CMD "${command[-1]}"
	unset 'command[-1]'
	run "${command[@]}" "${probe[@]}"
	wanted=$OUT
	expect_eq "${command[*]}: status" 0 "$RC"
	run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$rule" setpriv "${probe[@]}"
	expect_eq "${command[*]}" "$wanted" "$OUT"
	expect_silent "$rule"
	case ${command[0]} in
	unshare | nsenter | bwrap) ;;
	*) continue ;;
	esac
	run "$NSSHIM" import --from "${command[0]}" -- "${command[@]:1}"
	expect_eq "the import of ${command[*]}: exit status" 0 "$RC"
	expect_silent "the import of ${command[*]}"
	echo "$OUT" >"$T/imported.ini"
	run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$T/imported.ini" setpriv "${probe[@]}"
	expect_eq "the import of ${command[*]}" "$wanted" "$OUT"
done

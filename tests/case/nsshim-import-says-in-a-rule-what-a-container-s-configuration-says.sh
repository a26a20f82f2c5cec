#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# A bundle as an OCI runtime takes it, with as much as a rule can say.
copy_into rootfs /bin/sh /bin/cat /bin/ls /bin/uname /usr/bin/id /bin/touch /usr/bin/env
mkdir -p rootfs/proc rootfs/dev rootfs/data rootfs/scratch shared
echo shared >shared/file
uid=$(id -u) gid=$(id -g)
config() { # PYTHON STATEMENTS on c
	python3 -c '
import json, sys
uid, gid, here = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
c = {"ociVersion": "1.0.2", "root": {"path": "rootfs", "readonly": True}, "hostname": "box", "annotations": {"a": "b"},
     "process": {"terminal": False, "args": ["sh", "-c", "exit 0"], "cwd": "/data", "env": ["PATH=/bin:/usr/bin", "WORDS=a %h b"],
                 "user": {"uid": 0, "gid": 0, "umask": 63}, "noNewPrivileges": True, "oomScoreAdj": 500,
                 "rlimits": [{"type": "RLIMIT_NOFILE", "soft": 100, "hard": 200}],
                 "capabilities": {s: ["CAP_NET_RAW", "CAP_KILL"] for s in ("bounding", "effective", "permitted")}},
     "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"},
                {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755", "size=65536k"]},
                {"destination": "/dev/pts", "type": "devpts", "source": "devpts", "options": ["newinstance", "ptmxmode=0666"]},
                {"destination": "/scratch", "type": "tmpfs", "source": "tmpfs", "options": ["size=1m", "mode=1777", "noexec"][:2]},
                {"destination": "/with blank", "type": "bind", "source": here + "/shared", "options": ["rbind", "ro", "nodev"]}],
     "linux": {"namespaces": [{"type": t} for t in ("user", "pid", "mount", "network", "ipc", "uts")],
               "uidMappings": [{"containerID": 0, "hostID": uid, "size": 1}], "gidMappings": [{"containerID": 0, "hostID": gid, "size": 1}],
               "sysctl": {"net.ipv4.ip_forward": "1"}, "maskedPaths": ["/proc/keys", "/proc/none"], "readonlyPaths": ["/proc/sys", "/proc/none"],
               "rootfsPropagation": "rprivate", "resources": {},
               "seccomp": {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mkdirat", "mkdir"], "action": "SCMP_ACT_ERRNO"}]}}}
exec(sys.argv[4])
json.dump(c, open("config.json", "w"))' "$uid" "$gid" "$T" "${1-}"
}
config
run "$NSSHIM" import
expect_eq 'all of it: exit status' 0 "$RC"
expect_silent 'all of it'
expect_like 'the program is told of' $'\n''; argument 0: sh'$'\n' "$OUT"
echo "$OUT" >rule.ini
expect_eq 'it is a profile' '' "$("$NSSHIM" check ./rule.ini)"
expect_eq 'by its path, too' "$OUT" "$(cd / && "$NSSHIM" import "$T/config.json")"

run "$NSSHIM" exec -p ./rule.ini sh -c '
	uname -n; id -u; id -g; pwd -P; echo "$WORDS"; echo $$; umask; ulimit -Sn; ulimit -Hn
	cat "/with blank/file" /proc/sys/net/ipv4/ip_forward /proc/self/oom_score_adj
	while read -r k v; do case $k in CapEff:|CapBnd:|NoNewPrivs:) echo "$k $v" ;; esac; done </proc/self/status'
expect_eq 'what it is like inside' "box
0
0
/data
a %h b
2
0077
100
200
shared
1
500
CapEff:	0000000000002020
CapBnd:	0000000000002020
NoNewPrivs:	1" "${OUT//: /:$'\t'}"
expect_silent 'what it is like inside'
run "$NSSHIM" exec -p ./rule.ini sh -c '
	touch /scratch/x /dev/shm/x && echo written; touch /x; touch "/with blank/x"; echo 0 >/proc/sys/net/ipv4/ip_forward
	cat /proc/keys; ls /dev/pts; cat </dev/null'
expect_eq 'what can be written' $'written\nptmx' "$OUT"
expect_eq 'what cannot' 3 "$(grep -c 'Read-only' <<<"$ERR")"

# What a rule cannot say is told, and its place is a comment: nothing is left out in silence.
left_out() { # WHAT STATEMENTS
	config "$2"
	run "$NSSHIM" import
	expect_eq "$2: exit status" 1 "$RC"
	expect_line "$2" "^nsshim: import: left out: $1"
	expect_like "$2" $'\n'"; not imported: $1" "$OUT"
}
left_out 'hooks' 'c["hooks"] = {"prestart": [{"path": "/bin/true"}]}'
left_out 'process.terminal' 'c["process"]["terminal"] = True'
left_out 'process.apparmorProfile' 'c["process"]["apparmorProfile"] = "x"'
left_out 'linux.resources' 'c["linux"]["resources"] = {"memory": {"limit": 1}}'
left_out 'linux.seccomp: calls that are allowed' 'c["linux"]["seccomp"] = {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": []}'
left_out 'linux.seccomp: mkdir: arguments' 'c["linux"]["seccomp"]["syscalls"][0] = {"names": ["mkdir"], "action": "SCMP_ACT_KILL"}'
left_out 'linux.namespaces: other' 'c["linux"]["namespaces"].append({"type": "other"})'
left_out 'mount of /x: type cgroup' 'c["mounts"].append({"destination": "/x", "type": "cgroup", "source": "cgroup"})'
left_out 'mount of /scratch: uid=5' 'c["mounts"][3]["options"].append("uid=5")'
left_out 'mount of /scratch: noexec' 'c["mounts"][3]["options"].append("noexec")'
left_out 'env: it has a control character: A=b \?c' 'c["process"]["env"].append("A=b \nc")'
left_out 'env: a comment would begin in it: A=b ;c' 'c["process"]["env"].append("A=b ;c")'
left_out 'env: a blank at its edge would be lost: A=b ' 'c["process"]["env"].append("A=b ")'
left_out 'env: it is too long for a line: A=xxx' 'c["process"]["env"].append("A=" + 300 * "x")'
left_out 'vm' 'c["vm"] = {"hypervisor": {"path": "/x"}}'

# A namespace to join, and a process that is not root.
config 'c["linux"]["namespaces"][3]["path"] = "/run/netns/x"; c["process"]["user"] = {"uid": 0, "gid": 0, "additionalGids": [5, 6]}
c["linux"]["uidMappings"].append({"containerID": 1, "hostID": 100000, "size": 65536}); c["process"]["capabilities"] = {}
c["process"]["rlimits"] = [{"type": "RLIMIT_CORE", "soft": 0, "hard": 2**64 - 1}]; del c["linux"]["sysctl"]'
run "$NSSHIM" import
expect_eq 'others: exit status' 0 "$RC"
for line in 'net = /run/netns/x' 'groups = 5,6' 'uid_map = 1 100000 65536' 'caps = drop' 'rlimit = core 0 unlimited'; do
	grep -qxF "$line" <<<"$OUT" || fail "not there: $line"
done

wrong() { # REGEX ARGUMENT...
	run "$NSSHIM" import "${@:2}"
	expect_eq "import ${*:2}: exit status" 125 "$RC"
	expect_like "import ${*:2}" "$1" "$ERR"
	expect_eq "import ${*:2}: prints nothing" '' "$OUT"
}
# What is of another type is not taken for nothing.
of_type() { # REGEX STATEMENTS
	config "$2"
	wrong "^nsshim: import: config.json: $1\$"
}
of_type 'hostname is not a text' 'c["hostname"] = 5'
of_type 'root is not an object' 'c["root"] = []'
of_type 'mounts is not an array of objects' 'c["mounts"][0] = "x"'
of_type 'env is not an array of texts' 'c["process"]["env"] = [5]'
of_type 'noNewPrivileges is not true or false' 'c["process"]["noNewPrivileges"] = "yes"'
of_type 'uid is not a whole number' 'c["process"]["user"]["uid"] = "root"'
of_type 'oomScoreAdj is not a whole number' 'c["process"]["oomScoreAdj"] = 1.5'
of_type 'additionalGids is not an array of numbers' 'c["process"]["user"]["additionalGids"] = ["x"]'
config 'c["hostname"] = None; c["annotations"] = {"hostname": 5, "x": {"env": 5}}; c["linux"]["sysctl"] = {"kernel.shm_rmid_forced": "1"}'
run "$NSSHIM" import
expect_eq 'what is null, and names of others: exit status' 0 "$RC"

# What is no configuration.
wrong '^nsshim: import: gone.json: No such file or directory$' gone.json
printf '{\n"a": ]}' >bad.json
wrong '^nsshim: import: bad.json:2: ' bad.json
echo '{"root": {}, "root": {}}' >bad.json
wrong '^nsshim: import: bad.json:1: duplicate' bad.json
echo '[1]' >bad.json
wrong '^nsshim: import: bad.json: this is no config.json' bad.json
wrong '^nsshim: import: --from: oci, systemd-unit, bwrap, unshare or nsenter, and not `docker`' --from docker x
wrong '^nsshim: import: one file at a time' a b

# Command lines; what they do is compared where the rules of nsshim-from(7) are.
from() { # REGEX TOOL ARGUMENT...
	run "$NSSHIM" import --from "$2" -- "${@:3}"
	expect_eq "$*: exit status" 1 "$RC"
	expect_like "$*" "$1" "$ERR"
}
from 'left out: --seccomp' bwrap --seccomp 9 true
from 'left out: --nothing: no option of bwrap' bwrap --nothing true
from 'left out: --bind: it has 2 words' bwrap --bind /
from 'left out: net: to be kept at /x' unshare --net=/x
from 'a user namespace without maps' unshare -U true
from 'there is no option `--mont`: did you mean `--mount`' unshare --mont
from 'left out: net: neither a file nor a process' nsenter -n true
from 'left out: the environment of the process' nsenter -t 1 -n -e true

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

unit() { # LINES [NAME]: a service of these
	printf '[Unit]\nDescription=x\n\n[Service]\n%s\n' "$1" >"${2-x.service}"
}
import() { # LINES
	unit "$1"
	run "$NSSHIM" import --from systemd-unit x.service
}

# The pairs of nsshim-from(7), which are root's: of each what is there is in the rule.
while [ -n "$ROOT" ] && IFS=$'\t' read -r setting keys; do
	import "${setting//; /$'\n'}"
	case $setting in StateDirectory*) ;; *NoExec* | SystemCallFilter*) ;; *) expect_silent "$setting" ;; esac
	while read -r key; do
		grep -qxF "$key" <<<"$OUT" || fail "$setting: not there: $key"
	done <<<"${keys//; /$'\n'}"
	pairs=$((${pairs-0} + 1))
done < <(sed -n 's/^\.It Li \(.*=.*\) Ta Li \(.*\)$/\1\t\2/p' "$TESTS/../shim/nsshim-from.7")
[ -z "$ROOT" ] || [ "${pairs-0}" -ge 45 ] || fail "only ${pairs-0} pairs"

# What a hardened service sees of itself, started by one that knows nothing of the unit.
mkdir -p www state secret
echo page >www/index.html
echo secret >secret/key
cp /bin/true www/true
cat >webd <<'END'
#!/usr/bin/python3
import ctypes, http.server, os, resource, socket, subprocess, threading, urllib.request
os.chdir(os.environ["WWW"])
http.server.SimpleHTTPRequestHandler.log_message = lambda *words: None
with http.server.ThreadingHTTPServer(("127.0.0.1", 8080), http.server.SimpleHTTPRequestHandler) as server:
    threading.Thread(target=server.serve_forever).start()
    print("fetched", urllib.request.urlopen("http://127.0.0.1:8080/index.html").read().decode().strip())
    server.shutdown()
def tried(what, deed):
    try:
        deed()
        print(what, "yes")
    except OSError as e:
        print(what, os.strerror(e.errno))
def write(path):
    with open(path + "/written", "w"):
        pass
here = os.path.dirname(os.path.realpath(__file__))
tried("state", lambda: write(here + "/state"))
tried("www", lambda: write(here + "/www"))
tried("tmp", lambda: write("/tmp"))
tried("usr", lambda: write("/usr"))
tried("etc", lambda: write("/etc"))
tried("execute", lambda: subprocess.run(["./true"]))
tried("secret", lambda: open(here + "/secret/key"))
tried("packet", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
tried("vsock", lambda: socket.socket(40, socket.SOCK_STREAM))
def trace():
    if ctypes.CDLL(None, use_errno=True).ptrace(0, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "")
tried("ptrace", trace)
tried("sysctl", lambda: open("/proc/sys/net/ipv4/ip_forward", "w"))
print("tmp", sorted(n for n in os.listdir("/tmp") if n != os.path.relpath(here, "/tmp").split("/")[0]))
print("dev", "mem" in os.listdir("/dev"), "null" in os.listdir("/dev"))
for path in "/home", "/usr/lib/modules":
    print(path, os.path.isdir(path) and os.listdir(path) or "nothing")
print("limit", resource.getrlimit(resource.RLIMIT_NOFILE), resource.getrlimit(resource.RLIMIT_CPU)[0], "nice", os.nice(0))
print("words", os.environ["WORDS"], os.environ["UNIT"], os.environ.get("GONE"))
for line in open("/proc/self/status"):
    if line.split(":")[0] in ("CapEff", "CapBnd", "NoNewPrivs", "Seccomp", "Umask"):
        print(line.split()[0], line.split()[1].lstrip("0") or "0")
END
chmod 755 webd secret
web="ExecStart=$T/webd \\
   # which is here
   --port 8080
PrivateNetwork=on
PrivateTmp=true
PrivateDevices=1
ProtectSystem=strict
ProtectHome=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
NoNewPrivileges=yes
ReadWritePaths=$T/state
InaccessiblePaths=$T/secret -/not/there
BindReadOnlyPaths=$T
NoExecPaths=$T/www
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
SystemCallFilter=~@mount ptrace
SystemCallErrorNumber=EPERM
CapabilityBoundingSet=
LimitNOFILE=100:200
LimitCPU=1min 30s
Nice=3
UMask=0077
Environment=GONE=1
Environment=\"WORDS=two words\" UNIT=%N GONE=2 WWW=$T/www
UnsetEnvironment=GONE
Restart=always"
unit "$web" web.service
run "$NSSHIM" import --from systemd-unit web.service
expect_eq 'web: exit status' 0 "$RC"
expect_silent 'web'
echo "$OUT" >web.ini
expect_eq 'web: it is a profile' '' "$("$NSSHIM" check ./web.ini)"
run env LD_PRELOAD="$LIB" NSSHIM_PROFILE=./web.ini sh -c './webd; :'
expect_eq 'what the web server sees' "fetched page
state yes
www Read-only file system
tmp yes
usr Read-only file system
etc Read-only file system
execute Permission denied
secret No such file or directory
packet Operation not permitted
vsock Operation not permitted
ptrace Operation not permitted
sysctl Read-only file system
tmp ['written']
dev False True
/home nothing
/usr/lib/modules nothing
limit (100, 200) 90 nice 3
words two words web None
Umask: 77
CapEff: 0
CapBnd: 0
NoNewPrivs: 1
Seccomp: 2" "$OUT"
expect_silent 'the web server'
[ -e state/written ] || fail 'what the web server writes is not outside'
[ -e /tmp/written ] && fail 'what it writes to /tmp is outside'

# A resolver: a user of its own, who may use a port of root's and nothing else.
cat >named <<'END'
#!/usr/bin/python3
import os, socket
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
    server.bind(("127.0.0.1", 53))
    client.sendto(b"example.org", ("127.0.0.1", 53))
    print(server.recv(99).decode())
print(os.getresuid(), os.getresgid(), os.getgroups(), os.getcwd(), sorted(os.environ.keys() - {"LC_CTYPE"}), os.environ["RUNTIME_DIRECTORY"])
print([line.split()[1].lstrip("0") for line in open("/proc/self/status") if line.startswith("Cap")])
try:
    os.setuid(0)
except OSError as e:
    print(e.strerror)
END
chmod 755 named
[ -z "$ROOT" ] || {
	import "ExecStart=!!$T/named
User=daemon
SupplementaryGroups=mail 5
PrivateIPC=yes
PrivateNetwork=yes
ProtectSystem=full
ProtectHome=tmpfs
ProtectHostname=yes
LockPersonality=yes
AmbientCapabilities=CAP_NET_BIND_SERVICE
CapabilityBoundingSet=CAP_NET_BIND_SERVICE CAP_CHOWN
CapabilityBoundingSet=~CAP_CHOWN
RuntimeDirectory=x-$$/a
RestrictAddressFamilies=AF_INET"
	expect_line 'resolver: what is not there' "^nsshim: import: left out: x.service:17: RuntimeDirectory=.*: /run/x-$$/a is not there"
	echo "$OUT" >x.ini
	mkdir -p "/run/x-$$/a"
	run env LD_PRELOAD="$LIB" NSSHIM_PROFILE=./x.ini sh -c './named; :'
	rmdir "/run/x-$$/a" "/run/x-$$"
	expect_eq 'what the resolver sees' "example.org
(1, 1, 1) (1, 1, 1) [1, 5, 8] / ['HOME', 'LOGNAME', 'PATH', 'RUNTIME_DIRECTORY', 'SHELL', 'USER'] /run/x-$$/a
['400', '400', '400', '400', '400']
Operation not permitted" "$OUT"
	expect_silent 'the resolver'

	# A user namespace that knows root and the unit's own user.
	import $'ExecStart=/bin/cat\nUser=daemon\nPrivateUsers=yes\nRestrictNamespaces=~net uts'
	expect_silent 'PrivateUsers'
	echo "$OUT" >x.ini
	run "$NSSHIM" exec -p ./x.ini cat /proc/self/uid_map /proc/sys/user/max_net_namespaces /proc/sys/user/max_uts_namespaces
	expect_eq 'PrivateUsers: inside' '0 0 1 1 1 1 0 0' "$(xargs <<<"$OUT")"
}

# How units are written: what continues a line, comments, quotes, what takes back and what overrides.
has() { # WHAT LINE...
	local line
	for line in "${@:2}"; do
		grep -qxF -- "$line" <<<"$OUT" || fail "$1: not there: $line"$'\n'"$OUT"
	done
}
has_not() { # WHAT LINE
	! grep -qxF -- "$2" <<<"$OUT" || fail "$1: there: $2"
}
printf '\xef\xbb\xbf# first\r\n[Service]\r\n  Environment = A=1 \\\r\n; between\r\n# and again\r\n  B="two \\x41\\u00e9\\t" \\\r\n\r\nNice=1\nNice = 2\n[X-Other]\nNice=7\n[Service]\nUMask=7\n' >x.service
run "$NSSHIM" import --from systemd-unit x.service
expect_eq 'a tab is in no profile' 1 "$RC"
expect_line 'a tab is in no profile' 'left out: x.service:3: env: it has a control character: B=two Aé'
has 'lines' 'env = A=1' 'nice = 2' 'umask = 007'
mkdir 'web@a-b\x2dc.service.d'
unit $'ExecStart=/bin/first\nExecStart=\nExecStart=@-/opt/%p/*d zero "one two"\nReadOnlyPaths=/etc /srv\nEnvironment=I=%i J=%I N=%n P=%p H=%% \nLimitCORE=1\nNoNewPrivileges=yes' 'web@a-b\x2dc.service'
printf '[Service]\nReadOnlyPaths=\nReadOnlyPaths="/usr"\nNoNewPrivileges=off\n' >'web@a-b\x2dc.service.d/10.conf'
printf '[Service]\nEnvironment=H=last\n[Unit]\nDescription=[x]\n' >'web@a-b\x2dc.service.d/20.conf'
echo '[Service' >'web@a-b\x2dc.service.d/30.off'
run "$NSSHIM" import --from systemd-unit 'web@a-b\x2dc.service'
expect_silent 'drop-ins'
has 'drop-ins' '[web@a-b\x2dc]' 'match = /opt/web/\*d' 'arg0 = zero' '; argument 1: one two' 'ro = /usr' 'env = I=a-b\x2dc' \
	'env = J=a/b-c' 'env = N=web@a-b\x2dc.service' 'env = P=web' 'env = H=last' 'rlimit = core 1 1'
has_not 'taken back' 'match = /bin/first'
has_not 'taken back' 'ro = /etc'
has_not 'overridden' 'no_new_privs = yes'
run "$NSSHIM" import -f systemd-unit - < <(cat 'web@a-b\x2dc.service' 'web@a-b\x2dc.service.d/10.conf')
expect_eq 'standard input has no name: exit status' 1 "$RC"
has 'standard input' '[imported]' 'ro = /usr'
expect_like 'standard input has no name' 'left out: -:9: .*there is no `%n` here' "$ERR"

# What has no counterpart is told with its line, once, and is a comment.
told() { # LINE [REGEX]
	import "$1"
	expect_eq "$1: exit status" 1 "$RC"
	expect_line "$1" "^nsshim: import: left out: x.service:5: ${2-${1//[+*]/.}}"
	expect_like "$1" $'\n; not imported: ' "$OUT"
}
told 'MemoryMax=1G'
told 'MemoryDenyWriteExecute=yes'
told 'RestrictRealtime=true'
told 'SystemCallFilter=@system-service'
told 'SystemCallFilter=~@none' 'SystemCallFilter=~@none: @none is not known here'
told 'SystemCallFilter=~kill' '.*what is denied fails with EPERM'
import 'User=nobody-of-this-name'
expect_like 'no such user' 'left out: x.service:5: User=nobody-of-this-name: there is no such user here' "$ERR"
has 'no such user: nobody else in his place' 'uid = nobody-of-this-name'
told 'DynamicUser=yes'
told 'ExecStart=+/bin/true'
told 'EnvironmentFile=/etc/environment'
told 'Environment=A=%b' '.*there is no `%b` here'
told 'ProtectProc=invisible'
told 'CPUAffinity=numa'
told 'TemporaryFileSystem=/srv:noexec' '.*: noexec'
told 'StandardInput=socket'
told 'NoExecPaths=/' '.*of the root itself'
import $'MemoryDenyWriteExecute=no\nProtectProc=default\nStandardOutput=journal\nType=simple\nMemoryMax=1\nMemoryMax=\nEnvironmentFile=-/not/there'
expect_silent 'what asks for nothing'
printf '[Unit]\nJoinsNamespaceOf=y.service\n[Service]\n' >x.service
run "$NSSHIM" import --from systemd-unit x.service
expect_line 'JoinsNamespaceOf' 'x.service:2: JoinsNamespaceOf=y.service: import that unit too'

# What is wrong is told with its line, and nothing is printed.
wrong() { # REGEX LINE
	import "$2"
	expect_eq "$2: exit status" 125 "$RC"
	expect_line "$2" "^nsshim: import: $1"
	expect_eq "$2: prints nothing" '' "$OUT"
}
wrong 'x.service:5: PrivateTmp: no such value: maybe' PrivateTmp=maybe
wrong 'x.service:6: LimitCPU: no limit.*: 1fortnight' $'LimitAS=1G\nLimitCPU=1fortnight'
wrong 'x.service:5: Nice: no such number: 20' Nice=20
wrong 'x.service:5: ReadOnlyPaths: no absolute path: etc' ReadOnlyPaths=etc
wrong 'x.service:5: Environment: quotes that do not end: ' 'Environment="A=b'
wrong 'x.service:5: Environment: a backslash without a meaning' 'Environment=A=\q'
wrong 'x.service:5: Environment: a word that is no NAME=VALUE' 'Environment=A'
wrong 'x.service:5: CapabilityBoundingSet: no name of a capability' 'CapabilityBoundingSet=CAP_X'
wrong 'x.service:5: IOSchedulingClass: no class: fast' IOSchedulingClass=fast
wrong 'x.service:5: no `=`: a line is `KEY=VALUE`' PrivateTmp
wrong "x.service:5: a section's header without a" '[Service'
no_unit() { # REGEX FILE
	run "$NSSHIM" import --from systemd-unit "$2"
	expect_eq "$2: exit status" 125 "$RC"
	expect_line "$2" "^nsshim: import: $1"
}
echo '{"root": {}}' >config.json
no_unit 'config.json:1: before the first section: this is no unit' config.json
printf '[Unit]\nDescription=x\n' >only.target
no_unit 'only.target: no \[Service\]: this is no unit of a service' only.target
no_unit 'gone.service: No such file or directory' gone.service
no_unit '/: Is a directory' /
run "$NSSHIM" import --from systemd-unit
expect_like 'no file' '^nsshim: import: which unit' "$ERR"

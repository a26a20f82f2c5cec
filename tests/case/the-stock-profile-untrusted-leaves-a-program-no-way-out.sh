#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

use_stock untrusted

# What is outside, for a program to reach: a process that listens, memory that is shared, a file, and
# a program with a set-user-id bit.
cat >outside.py <<'END'
import ctypes, os, socket, sys, time
port = socket.socket()
port.bind(("127.0.0.1", 0))
port.listen()
abstract = socket.socket(socket.AF_UNIX)
abstract.bind("\0nsshim-untrusted-%d" % os.getpid())
abstract.listen()
libc = ctypes.CDLL(None)
key = 0x6e730000 + os.getpid() % 0x10000
segment = libc.shmget(key, 4096, 0o1666)
shm = "/dev/shm/nsshim-untrusted-%d" % os.getpid()
open(shm, "w").write("x")
print(os.getpid(), port.getsockname()[1], abstract.getsockname()[1:].decode(), key, shm, flush=True)
sys.stdin.read()
libc.shmctl(segment, 0, None)
os.unlink(shm)
END
coproc outside { exec /usr/bin/python3 outside.py; }
read -r pid port abstract key shm <&"${outside[0]}"
mkdir -p download home
echo secret >secret
cp "$PROG/escape" download
cp "$(type -P id)" set-uid && { [ -z "$ROOT" ] || { chown nobody set-uid && chmod 4755 set-uid; }; }
args=("$T/secret" "$T/home" "$pid" "$port" "$abstract" "$key" "$shm" "$T/set-uid")
cd download || exit 1

# With nothing around it: these lead out, so that what follows says something.
run ./escape "${args[@]}"
leads=('read a secret' 'write in the home directory' 'see a process outside' 'signal a process outside'
	'connect to a port outside' 'connect to an abstract socket' 'System V segment' 'file of /dev/shm' 'new user namespace'
	'new user namespace by clone3' 'user keyring' 'socket to the hypervisor')
[ -z "$ROOT" ] || leads+=('set-user-id program' 'mount' 'new network namespace' 'join mounts outside')
for way in "${leads[@]}"; do
	grep -qx "$way: OUT" <<<"$OUT" || fail "by itself: $way: it does not lead out"
done
ways=$(wc -l <<<"$OUT")
[ "$ways" -ge 60 ] || fail "only $ways ways out"

# Each is refused, one by one, and the program has run to its end.
run stock env ./escape "${args[@]}"
expect_eq 'its end' 0 "$RC"
expect_eq 'how many' "$ways" "$(wc -l <<<"$OUT")"
expect_eq 'not refused' '' "$(grep -v ': refused (' <<<"$OUT")"
expect_silent 'it'

# And what it is for works: programs of this machine, in the folder, with a /tmp and a network of
# their own.
cat >work.sh <<'END'
set -e
cd /tmp && seq 1000 | sort -n | tail -1 >x && cat x
python3 -c '
import socket, threading, os, subprocess
s = socket.socket(); s.bind(("127.0.0.1", 8080)); s.listen()
threading.Thread(target=lambda: s.accept()[0].sendall(b"served")).start()
print(socket.create_connection(("localhost", 8080)).recv(10).decode())
print(subprocess.run(["id", "-un"], capture_output=True, text=True).stdout.strip(), os.getpid() < 20)
open("/dev/null", "w").write("x"); open("/dev/shm/y", "w").write("y"); print(len(os.urandom(4)))'
cat "$OLDPWD/work.sh" | head -1
env | sort
END
run stock env sh work.sh
expect_eq 'its work' "1000
served
user True
4
set -e
HOME=/tmp
LC_ALL=C.UTF-8
OLDPWD=$PWD
PATH=/usr/bin:/bin
PWD=/tmp" "$OUT"
expect_silent 'its work'
to_outside=${outside[1]}
exec {to_outside}>&-
wait

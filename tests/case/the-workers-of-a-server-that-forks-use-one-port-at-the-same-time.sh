#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# Forks its workers before it serves; each binds the same address and answers one request.
cat >server.py <<'END_OF'
import os, socket, socketserver, sys, threading
class Answer(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(os.readlink("/proc/self/ns/net").encode())
def worker(ready, go):
    server = socketserver.TCPServer(("127.0.0.1", 4321), Answer)
    os.write(ready, b".")
    os.read(go, 1)
    threading.Thread(target=server.handle_request).start()
    with socket.create_connection(("127.0.0.1", 4321)) as c:
        return c.recv(100).decode()
told, tell = os.pipe()
ready, is_ready = os.pipe()
wait, go = os.pipe()
for _ in range(4):
    if os.fork() == 0:
        try:
            os.write(tell, (worker(is_ready, wait) + "\n").encode())
        finally:
            os._exit(0)
os.close(is_ready)
count = sum(len(os.read(ready, 1)) for _ in range(4))
os.write(go, b"....")
for _ in range(4):
    os.wait()
os.close(tell)
print(count, "listened,", len(set(open(told).read().split())), "networks")
END_OF
run shim 'match = python3*; when = fork; net = new' timeout 30 /usr/bin/python3 server.py
expect_eq 'four workers' '4 listened, 4 networks' "$OUT"
expect_silent 'four workers'

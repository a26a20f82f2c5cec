#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

use_stock test

# Eight tests of network programs, four at a time: each serves on port 8080, writes /tmp/result and a
# file of shared memory, and would fail where another does. By themselves they do.
mkdir tests
for i in 1 2 3 4 5 6 7 8; do
	cat >"tests/serves-$i" <<END
#!/usr/bin/python3
import http.server, os, sys, threading, time, urllib.request
number = "$i"
for path in "/tmp/nsshim-result-$$", "/dev/shm/nsshim-result-$$":
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    open(path, "w").write(number)
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(number.encode())
    def log_message(self, *what):
        pass
server = http.server.HTTPServer(("127.0.0.1", 8080), Answer)
threading.Thread(target=server.serve_forever, daemon=True).start()
time.sleep(0.3)
got = urllib.request.urlopen("http://127.0.0.1:8080/").read().decode()
right = got == number and open("/tmp/nsshim-result-$$").read() == number
open("passed-$i", "w").write("yes" if right else got)
for path in "/tmp/nsshim-result-$$", "/dev/shm/nsshim-result-$$":
    os.unlink(path)
sys.exit(not right)
END
	chmod +x "tests/serves-$i"
done
cat >Makefile <<'END'
check: $(patsubst tests/%,run-%,$(wildcard tests/serves-*))
run-%:
	@$(CURDIR)/tests/$*
END
run make -k -j4 check
expect_not 'by themselves: they are in each other s way' 0 "$RC"
rm -f passed-* "/tmp/nsshim-result-$$" "/dev/shm/nsshim-result-$$"
run stock make -k -j4 check
expect_eq 'with it: status' 0 "$RC"
expect_eq 'with it' 8 "$(grep -lx yes passed-* | wc -l)"
expect_silent 'with it'
[ ! -e "/tmp/nsshim-result-$$" ] || fail 'its /tmp is that of outside'

# A test ends with the runner that started it, however that ends.
cat >tests/waits <<'END'
#!/bin/sh
echo $$ >waits.pid
exec sleep 100
END
chmod +x tests/waits
(export XDG_CONFIG_HOME="$T/config" NSSHIM_PROFILE="$STOCK" LD_PRELOAD="$LIB" && exec bash -c './tests/waits & wait') &
runner=$!
for ((i = 0; i < 500; i++)); do [ -s waits.pid ] && break; sleep 0.02; done
test=$(cat waits.pid)
await sleep "$test"
disown $runner
kill -KILL $runner
for ((i = 0; i < 250; i++)); do grep -qs '^State:.[^Z]' "/proc/$test/status" || break; sleep 0.02; done
grep -qs '^State:.[^Z]' "/proc/$test/status" && fail 'a test outlives its runner'
exit "$FAILED"

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

own_sets
mkdir bin
use_stock shared-net

for name in python3.9 curl other; do
	cp "$state" bin/$name
done
PATH=$T/bin:$PATH
id=$(id -u) gid=$(id -g)

# In three trees, of which each has ended when the next begins.
for name in python3.9 curl python3.9; do
	run stock sh -c "$name ns:net lo ids; other ns:net; true"
	expect_silent "$name"
	first=${first-$(sed -n 1p <<<"$OUT")}
	expect_not "$name: net" "$(ns_of net)" "$(sed -n 1p <<<"$OUT")"
	expect_eq "$name" "$first
lo up
uid $id $id $id
gid $gid $gid $gid
$(ns_of net)" "$OUT"
done

# A server in one terminal, its client in another.
cat >serve.py <<'END'
import socket
with socket.create_server(("127.0.0.1", 8080)) as s:
    open("serves", "w").close()
    s.accept()[0].sendall(b"page\n")
END
cat >fetch.py <<'END'
import socket
with socket.create_connection(("127.0.0.1", 8080)) as c:
    print(c.makefile().read(), end="")
END
stock sh -c '/usr/bin/python3 serve.py; true' &
for ((i = 0; i < 500; i++)); do
	[ ! -e serves ] || break
	sleep 0.01
done
run /usr/bin/python3 fetch.py
expect_unlike 'who is outside does not see the server' page "$OUT"
run stock sh -c '/usr/bin/python3 fetch.py; true'
expect_eq 'a client' page "$OUT"
wait
run "$NSSHIM" list
expect_like 'list' "net  .*net +[01] +[0-9]+s user" "$OUT"
run "$NSSHIM" drop net
expect_eq 'drop' 0 "$RC"
expect_no_sets 'after drop' 1

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

own_sets
dir=$XDG_RUNTIME_DIR/nsshim
rule='match = */state; net = new; share = one'
start() {
	run shim "$rule" sh -c '"$0" ns:net; true' "$state"
}
start
expect_silent 'a directory of its own'
expect_eq 'closed to all others' 700 "$(stat -c %a "$dir")"
expect_no_sets 'at first'
for mode in 750 705 777; do
	chmod $mode "$dir"
	start
	expect_like "mode $mode" "^nsshim: \[rule\] share $dir: Operation not permitted \(EPERM\): .*chmod 700" "$ERR"
	expect_eq "mode $mode: nothing is started" '' "$OUT"
done
rm -r "$dir"
ln -s "$T" "$dir"
start
expect_like 'a symbolic link' 'nsshim: \[rule\] share .*\(EPERM\): .*must be a directory' "$ERR"
rm "$dir"
echo >"$dir"
start
expect_like 'a file' 'nsshim: \[rule\] share .*\(EPERM\): .*must be a directory' "$ERR"
rm "$dir"

# on_error = continue.
mkdir -m 777 "$dir"
chmod 777 "$dir"
run shim "$rule; on_error = continue" sh -c '"$0" ns:net; true' "$state"
expect_like 'on_error = continue says so' 'executed outside' "$ERR"
expect_eq 'on_error = continue' "$(ns_of net)" "$OUT"
rm -r "$dir"

# Too long for a socket.
XDG_RUNTIME_DIR=$T/$(printf '%0100d' 0)
mkdir -m 700 "$XDG_RUNTIME_DIR"
start
expect_like 'a path that is too long' 'File name too long \(ENAMETOOLONG\): .*shorter XDG_RUNTIME_DIR' "$ERR"
export XDG_RUNTIME_DIR=$T/run

[ -n "$ROOT" ] || exit 0
# Another user's directory is not used, and another user's socket not spoken with.
chown nobody: "$XDG_RUNTIME_DIR"
start
expect_silent 'a directory of another user is passed by'
expect_eq 'and is empty' '' "$(ls -A "$XDG_RUNTIME_DIR")"
chown root: "$XDG_RUNTIME_DIR"
mkdir -m 700 "$dir"
chown nobody: "$dir"
start
expect_like 'a directory of another user in it' 'belongs to somebody else: set XDG_RUNTIME_DIR' "$ERR"
rm -r "$dir"
run shim "$rule"', user; share-keep = 60' sh -c '"$0" ns:net; true' "$state"
name=$(sockets)
run "$NSSHIM" drop one
expect_no_sets 'dropped'
chmod 755 "$XDG_RUNTIME_DIR"
cat >listen.py <<'END'
import os, socket, sys, time
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
if os.fork():
    sys.exit()
os.setuid(65534)
s.listen()
time.sleep(30)
END
python3 listen.py "$dir/$name"
sleep 0.3
run shim "$rule"', user; share-keep = 60' sh -c '"$0" ns:net; true' "$state"
expect_like 'a socket of another user' 'connect .*\(EPERM\): another user listens there' "$ERR"
expect_eq 'nothing is started' '' "$OUT"
pkill -u nobody -f "listen.py $dir/$name"

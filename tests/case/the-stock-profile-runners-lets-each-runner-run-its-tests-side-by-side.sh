#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

cp "$TESTS/../examples/test.ini" . && use_stock runners && mv test.ini config/nsshim
# Not in /tmp, which each test has for itself.
work=$(mktemp -d /var/tmp/nsshim-runners.XXXXXX) || exit 1
trap 'rm -rf "$work"; leave' EXIT
chmod 755 "$work"
cd "$work" || exit 1
# A cargo of rustup's knows its home.
export RUSTUP_HOME=${RUSTUP_HOME-$HOME/.rustup}
export HOME=$work GOPATH=$work/gopath GOCACHE=$work/gocache GOFLAGS=-mod=mod GOPROXY=off CARGO_NET_OFFLINE=true CARGO_HOME=$work/cargo-home

# Three tests at a time, each of which wants port 8080 and /tmp/FILE for half a second: without the
# profile some fail, with it all pass.
file=/tmp/nsshim-runners-$$
suite() { # NAME COMMAND...
	local name=$1
	shift
	cd "$work/$name" || exit 1
	rm -f "$file"
	run "$@"
	[ "$RC" != 0 ] || fail "$name: by itself all its tests pass"
	rm -f "$file"
	run stock "$@"
	expect_eq "$name" 0 "$RC"
	[ "$RC" = 0 ] || fail "$(tail -n 5 <<<"$OUT$ERR")"
	[ ! -e "$file" ] || fail "$name: its /tmp is that of outside"
	cd "$work" || exit 1
}
there() { # COMMAND
	command -v "$1" >/dev/null && "$1" "${2---version}" >/dev/null 2>&1 && return
	[ "${CI-}" != true ] || fail "$1 is not there"
	skip_part "$1 is not there"
	return 1
}
cat >wants.py <<END
#!/usr/bin/python3
import os, socket, time
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", 8080))
os.close(os.open("$file", os.O_CREAT | os.O_EXCL))
time.sleep(0.5)
os.unlink("$file")
END
chmod +x wants.py

mkdir -p make/tests
for i in 1 2 3; do cp wants.py make/tests/one-$i; done
printf 'check: 1 2 3\n1 2 3:\n\t@./tests/one-$@\n' >make/Makefile
suite make make -k -j3 check

mkdir ctest
{
	echo 'cmake_minimum_required(VERSION 3.10)'
	echo 'project(t NONE)'
	echo 'enable_testing()'
	for i in 1 2 3; do echo "add_test(NAME t$i COMMAND $work/wants.py)"; done
} >ctest/CMakeLists.txt
(cd ctest && cmake . >/dev/null) || fail 'cmake'
suite ctest ctest -j3

mkdir -p meson
{
	echo "project('t', meson_version: '>=0.50')"
	for i in 1 2 3; do echo "test('t$i', find_program('$work/wants.py'))"; done
} >meson/meson.build
(cd meson && meson setup build >/dev/null) || fail 'meson'
suite meson meson test -C build --num-processes 3

mkdir pytest
for i in 1 2 3; do
	{
		echo "def test_$i():"
		sed '/^#!/d; s/^/    /' wants.py
	} >pytest/test_$i.py
done
suite pytest /usr/bin/python3 -m pytest -q -n 3 -p no:cacheprovider .

mkdir -p prove/t
for i in 1 2 3; do
	cat >prove/t/$i.t <<END
use strict; use IO::Socket::INET; use Fcntl;
print "1..1\n";
my \$s = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => 8080, Listen => 1, ReuseAddr => 1) or die;
sysopen(my \$f, "$file", O_CREAT | O_EXCL) or die;
select(undef, undef, undef, 0.5);
unlink "$file";
print "ok 1\n";
END
done
suite prove prove -j3 t

mkdir -p go
echo 'module t' >go/go.mod
for i in a b c; do
	mkdir go/$i
	cat >go/$i/t_test.go <<END
package $i
import ("net"; "os"; "testing"; "time")
func TestIt(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:8080")
	if err != nil { t.Fatal(err) }
	f, err := os.OpenFile("$file", os.O_CREATE|os.O_EXCL, 0600)
	if err != nil { t.Fatal(err) }
	time.Sleep(time.Second)
	f.Close(); os.Remove("$file"); l.Close()
}
END
done
there go version && suite go go test -count=1 -p 3 ./...

# Of cargo one file is one program, and cargo runs one at a time: two of it are side by side.
mkdir -p cargo/src cargo/tests
printf '[package]\nname = "t"\nversion = "1.0.0"\n' >cargo/Cargo.toml
: >cargo/src/lib.rs
cat >cargo/tests/it.rs <<END
#[test]
fn it() {
    let _l = std::net::TcpListener::bind("127.0.0.1:8080").unwrap();
    let _f = std::fs::OpenOptions::new().write(true).create_new(true).open("$file").unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1500));
    std::fs::remove_file("$file").unwrap();
}
END
if there cargo; then
	(cd cargo && cargo test --offline --no-run >/dev/null 2>&1) || fail 'cargo'
	# shellcheck disable=SC2016 # the inner shell's
	suite cargo sh -c 'cargo test --offline --test it >/dev/null 2>&1 & one=$!; cargo test --offline --test it >/dev/null 2>&1 && wait $one'
fi
exit "$FAILED"

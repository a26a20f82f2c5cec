#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

command -v go >/dev/null || skip 'go is not installed'
host=$(ns_of net)
cat >start.go <<'END'
package main

import (
	"os"
	"os/exec"
	"syscall"
)

func main() {
	if os.Args[1] == "exec" {
		syscall.Exec(os.Args[2], os.Args[2:], os.Environ())
		os.Exit(70)
	}
	c := exec.Command(os.Args[2], os.Args[3:]...)
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	if os.Args[1] == "own" {
		c.Env = append(os.Environ(), "A=1")
	}
	if c.Run() != nil {
		os.Exit(71)
	}
}
END
export GOCACHE=$T/cache GOPATH=$T/go GOFLAGS=-mod=mod GOTOOLCHAIN=local GO111MODULE=off
CGO_ENABLED=0 go build -o static start.go || fail 'go build'
# With cgo it is a program of libc's, which loads the library. (Its raw system calls still pass the hooks.)
sed -i 's/^import (/import "C"\n&/' start.go
CGO_ENABLED=1 go build -o dynamic start.go || fail 'go build with cgo'
for program in static dynamic; do
	for how in run own exec; do
		run shim 'match = state; net = new' sh -c '"$@"; exit $?' - "$T/$program" $how "$state" ns:net env:LD_PRELOAD
		expect_like "$program, $how" '^net:' "$OUT"
		expect_not "$program, $how: inside" "$host" "$(sed -n 1p <<<"$OUT")"
		expect_eq "$program, $how: no trace" '(unset)' "$(sed -n 2p <<<"$OUT")"
		expect_eq "$program, $how: exit status" 0 "$RC"
		expect_silent "$program, $how"
		run shim 'match = nothing; net = new' sh -c '"$@"; exit $?' - "$T/$program" $how "$state" ns:net
		expect_eq "$program, $how: outside without a rule" "$host" "$OUT"
	done
done
# The Go program itself may be what the rule names, where it is one that loads libraries.
run shim 'match = dynamic; net = new' sh -c '"$@"; exit $?' - "$T/dynamic" run "$state" ns:net
expect_like 'itself' '^net:' "$OUT"
expect_not 'itself' "$host" "$OUT"

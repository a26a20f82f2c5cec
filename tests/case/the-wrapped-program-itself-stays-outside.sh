#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

run shim 'net = new' "$state" ns:net exit:3
expect_eq 'where it is' "$(ns_of net)" "$OUT"
expect_eq 'exit status' 3 "$RC"
expect_silent 'it'

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

run inside 'net = host; uts = new' "$state" ns:net ns:uts
expect_eq 'net' "$(ns_of net)" "$(sed -n 1p <<<"$OUT")"
expect_not 'uts' "$(ns_of uts)" "$(sed -n 2p <<<"$OUT")"
expect_silent 'it'

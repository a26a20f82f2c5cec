#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

use_stock default

settings() {
	sed -n 's/^\([a-z_]*\) *= */\1=/p'
}
wanted=$(sed -n '/^\[built-in\]/,/^\.Ed/p' "$TESTS/../conf/nsshim.5" | settings)
expect_like 'the built-in profile' 'net=new' "$wanted"
expect_eq 'the two' "$wanted" "$(settings <config/nsshim/default.ini)"

run stock env "$state" ns:net ns:ipc ids ns:mnt ns:uts lo
expect_silent 'default'
expect_not 'net' "$(ns_of net)" "$(sed -n 1p <<<"$OUT")"
expect_not 'ipc' "$(ns_of ipc)" "$(sed -n 2p <<<"$OUT")"
id=$(id -u) gid=$(id -g)
expect_eq 'the rest' "uid $id $id $id
gid $gid $gid $gid
$(ns_of mnt)
$(ns_of uts)
lo up" "$(sed 1,2d <<<"$OUT")"

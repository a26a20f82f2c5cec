#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# The root and the bound folder lie in one file system of the host's.
mkdir -p root/there bound
dirs='bind = /usr /usr rec; bind = /lib /lib rec; bind = /bin /bin rec; cwd = /'
[ ! -e /lib64 ] || dirs="$dirs; bind = /lib64 /lib64 rec"
base="root = $T/root; user = new; $dirs"
for line in 'file = /there/new text' 'dir = /there/new' 'symlink = here /there/new' "bind = $T/bound /there/new" 'tmpfs = /there/new'; do
	run inside "$base; bind = $T/bound /there; $line" true
	expect_eq "$line: status" 127 "$RC"
	expect_like "$line" '/there/new: No such file or directory \(ENOENT\): it is not there, and is made only in' "$ERR"
	expect_eq "$line: outside" '' "$(ls bound)"
	# In the root itself it is made.
	run inside "$base; $line" true
	expect_silent "$line: in the root"
	expect_eq "$line: in the root" new "$(ls root/there)"
	rm -rf root/there/new
done

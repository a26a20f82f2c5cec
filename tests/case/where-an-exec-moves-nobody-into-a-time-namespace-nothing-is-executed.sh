#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# What is told of an older kernel is believed: the exec would leave the program outside, in silence.
old=(setarch --uname-2.6)
for way in execve:fork execve:vfork posix_spawn:direct; do
	run shim 'match = state; time = new' "${old[@]}" "$door" "${way%:*}" "${way#*:}" "$state" ns:time
	expect_line "$way" '^nsshim: \[rule\] time: unshare: .*EINVAL.*Linux 6\.2.*when = load'
	expect_unlike "$way" time: "$OUT"
done

# It moves by itself there, and where it joins one that is there.
run shim 'match = state; when = load; time = new' "${old[@]}" "$door" execve fork "$state" ns:time
expect_like 'at load' '^time:' "$OUT"
expect_not 'at load' "$(ns_of time)" "$OUT"
expect_silent 'at load'

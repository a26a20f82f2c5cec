#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

program=$(type -P mount)
[ -u "$program" ] || skip "$program is not set-id here"
for way in execve:direct execve:fork execve:vfork execve:direct+threads posix_spawn:direct; do
	NSSHIM_LOG=info run shim 'match = mount; user = new' "$door" "${way%:*}" "${way#*:}" "$program" --version
	expect_eq "$way: it runs" 0 "$RC"
	expect_like "$way" 'nsshim: \[rule\].*set-?(user-)?(id|ID)' "$ERR"
	run shim 'match = mount; user = new' "$door" "${way%:*}" "${way#*:}" "$program" --version
	expect_silent "$way, without info"
	NSSHIM_LOG=info run shim 'match = true; user = new' "$door" "${way%:*}" "${way#*:}" "$(type -P true)"
	expect_unlike "$way: another program" 'set-?(user-)?(id|ID)' "$ERR"
done

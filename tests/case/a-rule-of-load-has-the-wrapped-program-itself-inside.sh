#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

host=$(ns_of net)
rule='when = load; net = new'
expect_own_net 'the program' "$rule" "$state" ns:net env:LD_PRELOAD env:NSSHIM_STATE env:NSSHIM_PROFILE exit:3
expect_eq 'it has no trace of the shim' "(unset)"$'\n'"(unset)"$'\n'"(unset)" "${OUT#*$'\n'}"
expect_eq 'its exit status' 3 "$RC"
# What it starts is inside with it, whatever rule would fit it.
expect_own_net 'what it starts' $'[a]\nmatch = sh\nwhen = load\nnet = new\n[b]\nnet = new' \
	sh -c 'readlink /proc/self/ns/net; readlink /proc/$$/ns/net'
expect_eq 'what it starts: with it' "${OUT%%$'\n'*}" "${OUT##*$'\n'}"

# All of its threads.
cat >threads.py <<'END_OF'
import os, threading
stay = threading.Event()
for _ in range(3):
    threading.Thread(target=stay.wait, daemon=True).start()
tasks = os.listdir("/proc/self/task")
print(*{os.readlink(f"/proc/self/task/{t}/ns/net") for t in tasks}, len(tasks))
END_OF
expect_own_net 'its threads' "$rule" /usr/bin/python3 threads.py
expect_like 'its threads: one network' '^[^ ]* 4$' "$OUT"
# Where a library has started one before.
for kinds in 'net = new' 'user = new; mnt = new; net = new; time = new'; do
	LD_PRELOAD="$LIB $PROG/early.so" EARLY_THREAD=1 NSSHIM_PROFILE="$(profile "when = load; $kinds")" \
		run "$state" ns:net args exit:4
	expect_not "a thread is there already, $kinds" "$host" "${OUT%%$'\n'*}"
	expect_eq "a thread is there already, $kinds" "arg 0 $state"$'\n'"arg 1 ns:net"$'\n'"arg 2 args"$'\n'"arg 3 exit:4" "${OUT#*$'\n'}"
	expect_eq "a thread is there already, $kinds: status" 4 "$RC"
	expect_silent "a thread is there already, $kinds"
done
# Capabilities as an exec would have left them.
run shim "user = new; uid_map = self; gid_map = self; $rule" "$state" caps ids
wanted='caps no effective, no permitted'
[ -z "$ROOT" ] || wanted='caps some effective, some permitted'
expect_like 'capabilities' "^$wanted" "$OUT"

# The rule has to say so, and be the first that fits.
run shim $'[a]\nnet = new\n[b]\nnet = new\nwhen = load' "$state" ns:net
expect_eq 'the first rule that fits is one of exec' "$host" "$OUT"
run shim 'match = other; when = load; net = new' "$state" ns:net
expect_eq 'no rule fits' "$host" "$OUT"
run shim $'[a]\nmatch = state\n[b]\nnet = new\nwhen = load' "$state" ns:net
expect_eq 'an exception' "$host" "$OUT"
LD_PRELOAD=$LIB NSSHIM_PROFILE='when=load; net=new; uid_map=self; gid_map=self' run "$state" ns:net
expect_not 'an inline rule' "$host" "$OUT"
printf '#!/bin/sh\nreadlink /proc/self/ns/net\n' >script && chmod 755 script
expect_own_net 'a script, by its own name' "match = script; $rule" ./script
# A profile of more than 16 KiB.
{
	for ((i = 0; i < 1500; i++)); do printf '[r%d]\nmatch = x%d\nuts = new\n' $i $i; done
	printf '[last]\nmatch = state\nwhen = load\nnet = new\n'
} >large.ini
LD_PRELOAD=$LIB NSSHIM_PROFILE=$T/large.ini run "$state" ns:net
expect_not 'a large profile' "$host" "$OUT"
expect_silent 'a large profile'
LD_PRELOAD=$LIB NSSHIM_PROFILE=$T/large.ini run "$door" execve fork "$(type -P env)" "$state" ns:net
expect_not 'a large profile, past programs that nothing fits' "$host" "$OUT"

# It fails closed.
run shim "when = load; net = $T/missing" "$state" ns:net
expect_eq 'a failure: status' 126 "$RC"
expect_eq 'a failure: nothing has run' '' "$OUT"
expect_line 'a failure' "^nsshim: \[rule\] net: open $T/missing: .*ENOENT"
run shim "when = load; net = $T/missing; on_error = continue" "$state" ns:net
expect_eq 'on_error = continue' "$host" "$OUT"
expect_line 'on_error = continue' 'executed outside$'
NSSHIM_LOG=info run shim "$rule" "$state" ns:net
expect_line 'info' "^nsshim: \[rule\] entered net.*${OUT//[!0-9]/}"

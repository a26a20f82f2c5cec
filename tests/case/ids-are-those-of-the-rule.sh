#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# Root takes any; a user those of a user namespace that has his ranges.
ranges='user = new; uid_map = auto; gid_map = auto; setgroups = allow'
rule="uid = 3; gid = 4; groups = 6,5"
[ -n "$ROOT" ] || rule="$ranges; $rule"
wanted=$'uid 3 3 3\ngid 4 4 4\ngroups 5 6\ndumpable 1'
for way in $WAYS execve:vfork+tiny; do
	run shim "match = state; $rule" "$door" "${way%:*}" "${way#*:}" "$state" ids groups dumpable
	expect_eq "$way" "$wanted" "$OUT"
	expect_silent "$way"
done
run shim "match = state; pid = new; mnt = new; $rule" "$door" posix_spawn direct "$state" ids groups dumpable
expect_eq 'in a pid namespace' "$wanted" "$OUT"

# Names are those of /etc/passwd and /etc/group.
daemon=$(id -u daemon)
run inside "${rule/uid = 3; gid = 4; groups = 6,5/uid = daemon; gid = daemon; groups = bin,7,daemon}" "$state" ids groups
expect_eq 'names' "uid $daemon $daemon $daemon
gid $daemon $daemon $daemon
groups $(printf '%s\n' "$(getent group bin | cut -d: -f3)" 7 "$daemon" | sort -n | xargs)" "$OUT"
run inside "${rule/6,5/none}" "$state" groups
expect_eq 'no groups' groups "$OUT"

# What a change of ids takes along stays: the parent death signal, and the parent's own memory.
run shim "match = state; $rule" setpriv --pdeathsig TERM sh -c "exec '$state' pdeathsig"
expect_eq 'the parent death signal' 'pdeathsig 15' "$OUT"
run shim "match = state; $rule" "$PROG/unchanged" 5 "$state" exit:0
expect_eq 'the caller' unchanged "$OUT"

# One's own need no capability.
run inside "uid = $(id -u); gid = $(id -g)" "$state" ids
expect_eq 'own ids' "uid $(id -u) $(id -u) $(id -u)
gid $(id -g) $(id -g) $(id -g)" "$OUT"
expect_silent 'own ids'

# What the kernel does not allow is said with what to do, by each door.
for way in execve:vfork posix_spawn:direct execve:direct+threads; do
	run shim 'match = state; user = new; uid = 5' "$door" "${way%:*}" "${way#*:}" "$state" ids
	expect_eq "$way: not mapped" "${way%:*}: EINVAL outside" "$(xargs <<<"$OUT")"
	expect_line "$way: not mapped" '\[rule\] setresuid 5: .*EINVAL.*no mapping inside: a uid_map'
done
run inside 'user = new; gid = 5' "$state" ids
expect_line 'gid: not mapped' '\[rule\] setresgid 5: .*EINVAL.*no mapping inside: a gid_map'
run inside 'user = new; groups = 0' "$state" ids
expect_line 'setgroups is denied' '\[rule\] setgroups 0: .*EPERM.*setgroups = allow'
if [ -z "$ROOT" ]; then
	for key in uid gid groups; do
		run inside "$key = 5" "$state" ids
		expect_line "$key: no power" "\[rule\] setres?.* 5: .*EPERM.*needs CAP_SET[UG]ID .*user = new|setgroups 5: .*EPERM.*user = new"
		expect_eq "$key: nothing ran" '' "$OUT"
	done
fi
run inside 'uid = no-such-user; gid = no-such-group; groups = daemon,nor-this' true
expect_eq 'names that are none' 125 "$RC"
expect_eq 'names that are none' "2:uid: no user \`no-such-user\` in /etc/passwd
3:gid: no group \`no-such-group\` in /etc/group
4:groups: no group \`nor-this\` in /etc/group" \
	"$(sed -E "s/^nsshim: [^:]*:([0-9]*): ([a-z]*): (.*): where.*/\1:\2: \3/" <<<"$ERR")"

# A user namespace that does not map them changes ids to 0, but where they are to be kept.
if [ -n "$ROOT" ]; then
	hold_by setpriv --reuid=12345 --regid=12345 --clear-groups unshare --user --map-root-user -- sleep 1000
	for way in $WAYS; do
		run shim "match = state; user = pid:$HELD; keep_creds = yes" "$door" "${way%:*}" "${way#*:}" "$state" ids ns:user
		expect_eq "$way: ids that are kept" "uid 65534 65534 65534
gid 65534 65534 65534
$(ns_of user "$HELD")" "$OUT"
	done
	run inside "user = pid:$HELD; keep_creds = no" "$state" ids
	expect_eq 'and not kept' $'uid 0 0 0\ngid 0 0 0' "$OUT"
fi

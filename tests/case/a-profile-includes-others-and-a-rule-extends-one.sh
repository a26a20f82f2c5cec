#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

under() { # PROFILE PROGRAM...
	local file=$1
	shift
	run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$file" env "$@"
}
refused() { # WHAT PROFILE REGEX
	under "$2" "$state" args
	expect_eq "$1: status" 125 "$RC"
	expect_line "$1" "$3"
}

# The rules of an included file are where the line is; a relative path is from the file it is in.
mkdir -p sub/deeper
profile 'include = sub/more.ini
[last]
match = state
uts = new
hostname = last' main.ini >/dev/null
profile 'include = deeper/most.ini
[cat]
match = cat
hostname = cat' sub/more.ini >/dev/null
profile '[uname]
match = uname
hostname = deep' sub/deeper/most.ini >/dev/null
under ./main.ini uname -n
expect_eq 'two files deep' deep "$OUT"
under ./main.ini cat /proc/sys/kernel/hostname
expect_eq 'one file deep' cat "$OUT"
cp /bin/uname state
under "$T/main.ini" ./state -n
expect_eq 'after the line' last "$OUT"
expect_silent 'after the line'

# What has changed in an included file decides for later programs.
under ./main.ini sh -c "uname -n; sed -i s/deep/other/ sub/deeper/most.ini; env uname -n"
expect_eq 'it changes' $'deep\nother' "$OUT"

# An error tells the file that it is in, and the line there; a name twice, the other file.
profile $'[x]\nnett = new' sub/deeper/most.ini >/dev/null
refused 'an error inside' ./main.ini '^nsshim: /[^ ]*/sub/deeper/most\.ini:2: nett: unknown key'
profile $'[last]\nnet = new' sub/deeper/most.ini >/dev/null
refused 'a name twice' ./main.ini '^nsshim: /[^ ]*/main\.ini:2: \[last\]: duplicate section: .* line 1 of /[^ ]*/sub/deeper/most\.ini'
echo 'include = ../../main.ini' >sub/deeper/most.ini
refused 'a circle' ./main.ini '^nsshim: /[^ ]*/sub/deeper/most\.ini:1: include: it would include itself: '
echo 'include = none.ini' >sub/deeper/most.ini
refused 'none there' ./main.ini '^nsshim: /[^ ]*/sub/deeper/most\.ini:1: include: .*none\.ini: No such file'
for i in 1 2 3 4 5 6; do echo "include = $((i + 1)).ini" >"$i.ini"; done
refused 'deep' ./1.ini '^nsshim: /[^ ]*/5\.ini:1: include: more than 4 files deep: '
profile $'[a]\nmatch = x\ninclude = empty.ini\nnet = new' keys.ini >/dev/null
: >empty.ini
refused 'keys after it' ./keys.ini '^nsshim: /[^ ]*/keys\.ini:4: net: outside of a section'
refused 'inline' 'match = x; include = /a' '^nsshim: NSSHIM_PROFILE:2: include: only in a file'
if [ "$(id -u)" = 0 ]; then
	echo 'include = empty.ini' >trusts.ini
	chown nobody empty.ini
	refused 'a file of somebody else' ./trusts.ini '^nsshim: /[^ ]*/trusts\.ini:1: include: .*empty\.ini: uid .* owns it'
fi

# A rule begins as another one: its keys replace, those that may be repeated are added.
profile '[base]
template = yes
net = new
hostname = base
sysctl = net.ipv4.ip_forward 1
uid_map = self
gid_map = self
rlimit = core 0
umask = 077

[child]
match = sh
extends = base
hostname = child
sysctl = net.ipv4.ip_default_ttl 33
uid_map = root
rlimit = nofile 50
' extends.ini >/dev/null
ln -s "$(readlink -f /bin/dash)" sh
under ./extends.ini ./sh -c 'uname -n; id -u; umask; ulimit -c; ulimit -n; cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/ip_default_ttl'
wanted=$'child\n0\n0077\n0\n50\n1\n33'
expect_eq 'extended' "$wanted" "$OUT"
under ./extends.ini "$state" ns:net
expect_eq 'a template fits nothing' "$(ns_of net)" "$OUT"

refused_rule() { # WHAT TEXT LINE:REGEX
	run shim "$2" env true
	expect_eq "$1: status" 125 "$RC"
	expect_like "$1" "^nsshim: [^ ]*:$3" "$ERR"
}
refused_rule 'no such section' $'[a]\nextends = b\n[b]\nnet = new' '2: extends: no section `b` before this one'
refused_rule 'itself' $'[a]\nextends = a' '2: extends: no section'
refused_rule 'too late' $'[b]\nnet = new\n[a]\nuts = new\nextends = b' '5: extends: it goes before the keys .* line 4'
refused_rule 'against what it extends' $'[b]\nhostname = x\n[a]\nextends = b\nuts = host' '5: .*hostname|5: '
# What a rule has by another agrees with its own lines as if it said so itself.
base=$'[a]\ntemplate = yes\nnet = new\nshare = of-them\nshare-keep = 7\n[b]\nextends = a\nmatch = no-such\n'
run shim "$base"$'ipc = new\nshare-keep = 5' true
expect_eq 'its own set: status' 0 "$RC"
expect_silent 'its own set, and no template is another one'
refused_rule 'pool' "$base"'pool = 3' '9: pool: one set is shared'
refused_rule 'fork' "$base"'when = fork' '9: when: children that only fork cannot share'
base=$'[a]\nuser = new\nuid_map = self\n[b]\nextends = a\n'
refused_rule 'maps of another' "$base"'user = /proc/self/ns/user' '6: user: a user namespace that is joined has its maps: see line 5'
refused_rule 'maps of another, and a process' $'[a]\nuid_map = self\n[b]\nextends = a\njoin = pid:1' '5: uid_map: .*the process is joined'
refused_rule 'a user namespace of another' $'[a]\nuser = /proc/self/ns/user\n[b]\nextends = a\nuid_map = self' '5: uid_map: .*: see line 4'
refused_rule 'twice' $'[a]\nnet = new\nshare = s\n[b]\nextends = a\nipc = new' '6: share: of line 5: another set'

# %h and its like, by what the process is.
me=$(id -u)
HOME=/of/the/user XDG_RUNTIME_DIR=/run/of run inside 'hostname = %%_%U_%n' uname -n
expect_eq 'numbers and names' "%_${me}_rule" "$OUT"
HOME=/of/the/user XDG_RUNTIME_DIR=/run/of run inside 'domainname = %h:%t' cat /proc/sys/kernel/domainname
expect_eq 'directories' /of/the/user:/run/of "$OUT"
run env -u HOME -u XDG_RUNTIME_DIR LD_PRELOAD="$LIB" NSSHIM_PROFILE="$(profile 'domainname = %u:%h')" env cat /proc/sys/kernel/domainname
expect_eq 'of the account' "$(getent passwd "$me" | cut -d: -f1,6)" "$OUT"
mkdir -p origin
profile $'[a]\nmatch = $ORIGIN/state\nhostname = at-origin' origin/p.ini >/dev/null
cp state origin/
under "$T/origin/p.ini" "$T/origin/state" -n
expect_eq 'its directory' at-origin "$OUT"
for line in 'hostname = %x' 'hostname = 100%'; do refused_rule "$line" "$line" '2: hostname: a `%` with none of'; done
run env LD_PRELOAD="$LIB" NSSHIM_PROFILE='match = $ORIGIN/x; net = new' env true
expect_line 'no origin' ':1: match: \$ORIGIN: this is no file'

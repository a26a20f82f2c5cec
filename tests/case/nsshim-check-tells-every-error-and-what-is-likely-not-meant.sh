#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

export HOME=$T # no profile of this user's
check() { # STATUS OUTPUT ARGUMENT...
	run "$NSSHIM" check "${@:3}"
	expect_eq "check ${*:3}: exit status" "$1" "$RC"
	expect_eq "check ${*:3}" "$2" "$OUT"
	expect_silent "check ${*:3}"
}
good=$(profile '[a]
net = new' "$T/good.ini")
bad=$(profile '[a]
nett = new
[b]
user = new
uid_map = 0 1 2' "$T/bad.ini")
sed -i 's/0 1 2/0 1/' bad.ini

# Every error of each, as the library would tell it of one; and nothing where there is none.
check 0 '' ./good.ini
check 0 '' ./good.ini "$good" 'net = new; uts = new' none
run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$bad" true
errors=${ERR//nsshim: /}
expect_eq 'how many there are' 2 "$(wc -l <<<"$errors")"
check 1 "$errors" ./good.ini "$bad"
# shellcheck disable=SC2001 # no pattern of the shell does that
check 1 "$(sed 's/:\([25]\): /:\1:1: error: /' <<<"$errors")" --format=gcc "$bad"
check 1 'NSSHIM_PROFILE:2: when: unknown value `x`, none of `exec`, `load`, `fork`' 'net = new; when = x'
run "$NSSHIM" check --format=json "$bad" "$good"
expect_eq 'json: exit status' 1 "$RC"
expect_eq 'json' "2 nett error
5 uid_map error" "$(python3 -c '
import json, sys
for e in json.load(sys.stdin):
    assert e["file"] == sys.argv[1], e
    print(e["line"], e["key"], e["level"])' "$bad" <<<"$OUT")"
expect_eq 'json of none' '[]' "$("$NSSHIM" check --format=json "$good")"

# Without a name: what the library would take.
export NSSHIM_PROFILE=$bad
check 1 "$errors"
unset NSSHIM_PROFILE
mkdir -p .config/nsshim && cp bad.ini .config/nsshim/default.ini
check 1 "${errors//$bad/$T/.config/nsshim/default.ini}"
rm .config/nsshim/default.ini

# Files as a whole.
run "$NSSHIM" check nope
expect_eq 'no profile: exit status' 1 "$RC"
expect_like 'no profile' '^find profile nope: .*ENOENT' "$OUT"
run "$NSSHIM" check --format=gcc ./gone.ini
expect_like 'no file' "^$T/gone.ini:1:1: error: open $T/gone.ini: .*ENOENT" "$OUT"
if [ -z "$ROOT" ]; then
	cp good.ini secret.ini && chmod 0 secret.ini
	run "$NSSHIM" check ./secret.ini
	expect_eq 'unreadable: exit status' 1 "$RC"
	expect_like 'unreadable' '^open .*/secret.ini: Permission denied \(EACCES\)' "$OUT"
fi
printf '[\377\33]\nx = \377\nnet = \377\n' >bytes.ini
run "$NSSHIM" check --format=json ./bytes.ini
expect_eq 'bytes that are no text' 1 "$RC"
python3 -m json.tool >/dev/null <<<"$OUT" || fail 'bytes that are no text: this is no JSON'

# What is likely not meant, which is no error.
warnings=$(profile "[first]
match = tool*
uts = new

[second]
match = /bin/tool-x
match = tool-y
uts = new

[third]
match = /bin/tool-x
match = other
net = netns:of-nobody
cwd = $T/gone
seccomp = $T/no-filter
landlock_ro = /
landlock_ro = $T/no-path

[fourth]
match = $T/no-program
except = *x
ipc = /proc/self/ns/none

[with]
template = yes
uts = new

[all]
only_if = tty
ipc = new
[really-all]
ipc = new
[after]
match = a
uts = new" "$T/warn.ini")
run "$NSSHIM" check "$warnings"
expect_eq 'warnings: exit status' 0 "$RC"
expect_eq 'warnings' "5: warning: [second]: never fits: [first], line 1, before it fits all that it does
6: warning: match: /bin/tool-x is not there
11: warning: match: /bin/tool-x is not there
13: warning: net: /run/netns/of-nobody is not there: ip netns add makes it
15: warning: seccomp: $T/no-filter is not there
14: warning: cwd: $T/gone is not there
17: warning: landlock_ro: $T/no-path is not there
20: warning: match: $T/no-program is not there
22: warning: ipc: /proc/self/ns/none is not there
33: warning: [after]: never fits: [really-all], line 31, before it fits every program" "${OUT//$warnings:/}"
# Of many rules, which never fit: as each of those before it is asked in turn.
cat >order.py <<'END'
import fnmatch, random, sys
random.seed(int(sys.argv[2]))
words = ["a", "b", "ab", "abc", "*", "a*", "?b", "*c", "/a", "/x/ab", "/x/*", "*/a", "*/b*", "/a*"]
def special(text):
    return any(c in text for c in "*?[")
def covers(a, b):
    base = b.split("/")[-1]
    if a == b or a == "*":
        return True
    if "/" in a:
        return "/" in b and not special(b) and fnmatch.fnmatchcase(b, a)
    return not special(base) and fnmatch.fnmatchcase(base, a)
rules = []
for i in range(14):
    more = random.choice(["", "", "except = z\n", "only_if = tty\n", "template = yes\n"])
    rules.append((random.sample(words, random.choice([0, 1, 1, 1, 2, 3]) if i > 6 else 1), more))
with open(sys.argv[1], "w") as f:
    for i, (match, more) in enumerate(rules):
        f.write("[r%d]\n%s%suts = new\n" % (i, "".join("match = %s\n" % m for m in match), more))
for i, (match, more) in enumerate(rules):
    if "template" not in more:
        for j, (before, other) in enumerate(rules[:i]):
            if not other and (not before or match and all(any(covers(m, p) for m in before) for p in match)):
                print("[r%d] [r%d]" % (i, j))
                break
END
wanted=
for seed in {1..20}; do
	told=$(python3 order.py order.ini "$seed")
	wanted=$wanted$told
	run "$NSSHIM" check ./order.ini
	expect_eq "rules of seed $seed" "$told" "$(sed -n 's/.*warning: \(.*\): never fits: \(.*\), line.*/\1 \2/p' <<<"$OUT")"
done
expect_not 'some rule never fits' '' "$wanted"
run "$NSSHIM" check "root = tmpfs; bind = /usr /usr rec; bind = $T/no-source /x; bind = $T/no-source /y optional"
expect_eq 'sources' "NSSHIM_PROFILE:3: warning: bind: $T/no-source is not there" "$OUT"
maps=$(profile '[a]
user = new
uid_map = 0 4200000 1
uid_map = 1 4300000 1' "$T/maps.ini")
run "$NSSHIM" check "$maps"
if [ -n "$ROOT" ]; then
	expect_eq 'maps of root' '' "$OUT"
else
	expect_like 'maps that are not mine' '^[^ ]*:3: warning: uid_map: this user cannot have it: /etc/subuid: ' "$OUT"
fi
expect_eq 'maps: exit status' 0 "$RC"

run "$NSSHIM" check --format=xml "$good"
expect_eq 'no such format' 125 "$RC"
expect_line 'no such format' '^nsshim: check: --format: text, gcc or json, and not `xml`$'

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

export HOME=$T
mkdir -p .config/nsshim other/nsshim
cat >.config/nsshim/mine.ini <<'END'
; What is mine: and the rest
; of it.
[a]
net = new
END
printf '# In two\n; lines. And more.\n[a]\nipc = new\n' >.config/nsshim/other.ini
printf '[a]\nuts = new\n' >.config/nsshim/plain.ini
: >.config/nsshim/.hidden.ini
: >.config/nsshim/no-profile.txt
run "$NSSHIM" profiles
named() { # NAME: what was told of it
	grep -A1 "^$1 " <<<"$OUT"
}
expect_eq 'one of the user' "mine             $T/.config/nsshim/mine.ini
                 What is mine" "$(named mine)"
expect_eq 'a sentence of two lines' "other            $T/.config/nsshim/other.ini
                 In two lines" "$(named other)"
expect_eq 'one that says nothing' "plain            $T/.config/nsshim/plain.ini" "$(named plain | head -1)"
expect_silent 'profiles'
expect_eq 'profiles: exit status' 0 "$RC"
expect_unlike 'what is none' 'hidden\.ini|no-profile' "$OUT"
[ -e /etc/nsshim/default.ini ] || [ -e /usr/local/share/nsshim/default.ini ] ||
	expect_like 'the built-in one' $'\n''default +\(built-in\)' "$OUT"
run env XDG_CONFIG_HOME="$T/other" "$NSSHIM" profiles
expect_unlike 'another place' 'mine' "$OUT"
run "$NSSHIM" profiles --json
expect_eq 'json' "$T/.config/nsshim/mine.ini False What is mine" "$(python3 -c '
import json, sys
for p in json.load(sys.stdin):
    if p["name"] == "mine":
        print(p["file"], p["hidden"], p["description"])' <<<"$OUT")"
if [ -n "$ROOT" ]; then
	mkdir etc && cp .config/nsshim/mine.ini etc/
	run unshare --mount sh -c 'mount -t tmpfs none /etc && mkdir /etc/nsshim && cp etc/mine.ini /etc/nsshim && exec "$0" profiles' "$NSSHIM"
	expect_like 'hidden' $'\n''mine +/etc/nsshim/mine\.ini  \(hidden by' "$OUT"
fi

# What is shown is a profile, which says the same.
run "$NSSHIM" show mine
expect_eq 'show' "; $T/.config/nsshim/mine.ini
$(cat .config/nsshim/mine.ini)" "$OUT"
run "$NSSHIM" show 'uts = new; hostname = x; match = *'
expect_eq 'show an inline rule' $'; NSSHIM_PROFILE\n[inline]\nuts = new\nhostname = x\nmatch = *' "$OUT"
echo "$OUT" >shown.ini
expect_eq 'it is one' x "$("$NSSHIM" exec -p ./shown.ini uname -n)"
run env NSSHIM_PROFILE=other "$NSSHIM" show
expect_like 'show without a name' "^; $T/.config/nsshim/other.ini"$'\n' "$OUT"
run env XDG_CONFIG_HOME="$T/other" "$NSSHIM" show default
[ -e /etc/nsshim/default.ini ] || [ -e /usr/local/share/nsshim/default.ini ] || {
	run env XDG_CONFIG_HOME="$T/other" "$NSSHIM" show
	expect_like 'the built-in one' $'^; the built-in profile\n\\[built-in\\]\nnet = new\n' "$OUT"
}
run "$NSSHIM" show nope
expect_eq 'none of that name' 125 "$RC"
expect_line 'none of that name' '^nsshim: find profile nope: .*ENOENT'
chmod 0 .config/nsshim/plain.ini
[ -n "$ROOT" ] || {
	run "$NSSHIM" show plain
	expect_eq 'unreadable' 125 "$RC"
	expect_line 'unreadable' '^nsshim: open .*/plain.ini: .*EACCES'
	run "$NSSHIM" profiles
	expect_like 'unreadable: profiles' 'it cannot be read' "$(named plain)"
}

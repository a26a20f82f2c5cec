#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

mkdir -p tree/below
cat >touch.sh <<'END'
for f in here below/here ../above "$OLDPWD/above" /tmp/nsshim-above; do
	(: >"$f") 2>/dev/null && echo "$f"
done
pwd
END
cd tree || exit 1
for more in '' '; pid = new' '; when = load'; do
	for order in 'ro = /; bind = . . rec' 'bind = . . rec,nosuid; ro = /tmp' 'overlay-tmp = /etc /etc; ro = /; bind = . . rec'; do
		rm -f here below/here
		run shim "match = dash; $order$more" sh -c 'dash ../touch.sh; true'
		case $order in
		bind*) expect_eq "$order$more" "$PWD" "$OUT" ;; # what is made read-only later is, too
		*) expect_eq "$order$more" $'here\nbelow/here\n'"$PWD" "$OUT" ;;
		esac
		expect_silent "$order$more"
	done
done
[ -e here ] || fail 'what is written there is not outside'
run shim 'match = dash; tmpfs = /mnt; bind = . /mnt/tree' sh -c 'dash -c "ls /mnt/tree"; true'
expect_eq 'elsewhere' $'below\nhere' "$OUT"
run inside 'bind = . /mnt; bind = . .' true
expect_line 'twice' ':3: bind: (of line 2: )?`\.` a second time'
run inside 'share = x; bind = . /mnt' true
expect_line 'a set' ':3: bind: `\.` is another folder for each member of a set'
cd / && run inside 'bind = . . rec' env true
expect_like 'the root' 'mnt: getcwd /: .*ENOENT.*: the working directory has no name, or is the root itself' "$ERR"

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

use_stock reproducible

cat >look.sh <<'END'
uname -n; umask; nproc; date -d @0 +%Z; env | grep -v -e ^PWD= -e ^_= -e ^SHLVL= -e ^OLDPWD= | sort; id -u; ls -A /tmp | grep -v "^${PWD#/tmp/}" | grep -vF "$(cut -d/ -f3 <<X
$PWD
X
)"
: >made && stat -c %a made
END
umask 077
run env A=b LANG=de_DE.UTF-8 sh -c '"$@"' sh env XDG_CONFIG_HOME="$T/config" NSSHIM_PROFILE="$STOCK" LD_PRELOAD="$LIB" sh look.sh
first=$OUT
expect_eq 'what it sees' 'build
0022
1
UTC
HOME=/nonexistent
LC_ALL=C.UTF-8
PATH=/usr/local/bin:/usr/bin:/bin
SOURCE_DATE_EPOCH=1
TZ=UTC
0
644' "$OUT"
rm made
umask 022
run stock sh look.sh
expect_eq 'another time, otherwise' "$first" "$OUT"

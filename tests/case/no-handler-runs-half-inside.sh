#!/bin/bash
# runs: root
. "$(dirname "$0")/../case.sh"

# What is entered is left again, since the interpreter is missing. A signal that comes meanwhile
# waits until the entry is whole.
hold --net
printf '#!/not/there/interpreter\n' >script
chmod 755 script
run shim "match = script; net = pid:$HELD; uts = new" "$PROG/handler" "$T/script"
expect_eq 'the handler' 'half inside 0
at the end where it was
alarm open' "$OUT"
expect_silent 'the handler'

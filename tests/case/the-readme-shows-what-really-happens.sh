#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

ln -s "$BUILD" build
readme=$TESTS/../README.md
[ -r "$readme" ] || skip 'this copy of the tree has no README.md'
shown() { # a block of it, by the word after the fence
	sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/p" "$readme"
}

# Each command, and all that is printed up to the next, standard error too.
n=0
command=
wanted=
check() {
	[ -n "$command" ] || return
	n=$((n + 1))
	expect_eq "$command" "$wanted" "$(sh -c "$command" 2>&1)"$'\n'
}
while IFS= read -r line; do
	case $line in
	'$ '*) command=${line#'$ '} wanted= ;;
	'```') check && command= ;;
	'```console') ;;
	*) wanted=$wanted$line$'\n' ;;
	esac
done < <(shown console)
expect_eq 'how many commands it shows' 3 $n

# Its profile, as it is.
shown ini | grep -v '^```' >shown.ini
run env LD_PRELOAD="$LIB" NSSHIM_PROFILE=./shown.ini true
expect_eq 'the profile' 0 "$RC"
expect_silent 'the profile'
mkdir tests
cp "$state" tests/one
run env LD_PRELOAD="$LIB" NSSHIM_PROFILE=./shown.ini sh -c '"$@"; true' sh ./tests/one ns:net lo ids
expect_not 'a test' "$(ns_of net)" "$(sed -n 1p <<<"$OUT")"
expect_eq 'a test' "lo up
uid $(id -u) $(id -u) $(id -u)
gid $(id -g) $(id -g) $(id -g)" "$(sed 1d <<<"$OUT")"

# Every key that nsshim.5 has, and every profile that is installed.
for key in $(sed -n 's/^\.It Cm \([a-z_]*\) Ns = .*/\1/p' "$TESTS/../conf/nsshim.5") $KINDS uid_map gid_map; do
	grep -q "\`$key\`" "$readme" || fail "the table of keys lacks $key"
done
for file in "$TESTS"/../examples/*.ini; do
	grep -qF "examples/$(basename "$file")" "$readme" || fail "no word of $file"
done

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

own_sets
ln -s "$BUILD" build
ln -s "$TESTS/../examples" examples
readme=$TESTS/../README.md
[ -r "$readme" ] || skip 'this copy of the tree has no README.md'
shown() { # a block of it, by the word after the fence
	sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/p" "$readme"
}

# Each command, whose further lines have `> ` before them, and all that is printed up to the next, standard error too.
shown python | grep -v '^```' >workers.py
n=0
command=
wanted=
check() {
	[ -n "$command" ] || return
	n=$((n + 1))
	case $command in
	*curl*) command -v curl >/dev/null || {
		skip_part 'there is no curl'
		return
	} ;;
	esac
	expect_eq "$command" "$wanted" "$(sh -c "$command" 2>&1)"$'\n'
}
while IFS= read -r line; do
	case $line in
	'$ '*) command=${line#'$ '} wanted= ;;
	'> '*) command=$command$'\n'${line#'> '} ;;
	'```') check && command= ;;
	'```console') ;;
	*) wanted=$wanted$line$'\n' ;;
	esac
done < <(shown console)
expect_eq 'how many commands it shows' 10 $n
expect_no_sets 'after the commands'

# Into a container, in whose place there is a process of our own.
cat >podman <<'END'
#!/bin/bash
while [ "$1" != --pidfile ]; do shift; done
echo "$HELD" >"$2"
END
chmod 755 podman
unshare "${OWN[@]}" --mount --net --fork --pid --mount-proc sleep 1000 &
HOLDERS+=($!)
await_child $!
await sleep "$CHILD"
HOLDERS+=("$CHILD")
run env HELD="$CHILD" PATH="$T:$PATH" LD_LIBRARY_PATH="$BUILD" sh -c "$(shown sh | grep -v '^```')"
expect_like 'the network of a container' '^1: lo: <LOOPBACK> .*state DOWN' "$OUT"
expect_eq 'the network of a container: exit status' 0 "$RC"
expect_silent 'the network of a container'

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
keys="$(sed -n 's/^\.It Cm \([a-z_-]*\) Ns = .*/\1/p' "$TESTS/../conf/nsshim.5") $KINDS pid uid_map gid_map include"
for key in $keys; do
	sed -n '/^## Keys/,/^## When/p' "$readme" | grep -q "^|[^|]*\`$key\`" || fail "the table of keys lacks $key"
done
for file in "$TESTS"/../examples/*.ini; do
	grep -qF "examples/$(basename "$file")" "$readme" || fail "no word of $file"
done

# Beside other tools: a row has a cell a column, and tests that are there; each key has a row, and is
# used by a test of that row.
sed -n '/^## Beside/,/^## What it costs/p' "$readme" | grep '^| [^|]' >rows
expect_eq 'cells of a row' 9 "$(awk -F ' [|] ' '{ print NF }' rows | sort -u)"
while IFS= read -r row; do
	tests=$(grep -o 'tests/case/[^)]*\.sh' <<<"$row")
	[ -n "$tests" ] || fail "no test shows: ${row%% | *}"
	for test in $tests; do
		[ -r "$TESTS/../$test" ] || fail "there is no $test"
	done
done <rows
for key in $keys; do
	row=$(grep "^|[^|]*\`$key\`" rows) || {
		fail "no row has $key"
		continue
	}
	# A kind is a variable there.
	case " $KINDS pid " in *" $key "*) used='\$1' ;; *) used=$key ;; esac
	# shellcheck disable=SC2046 # paths without blanks
	(cd "$TESTS/.." && grep -qE "(^|[^a-z_-])$used *= " $(grep -o 'tests/case/[^)]*\.sh' <<<"$row")) || fail "no test of its row uses $key"
done

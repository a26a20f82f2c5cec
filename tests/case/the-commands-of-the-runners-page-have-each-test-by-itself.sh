#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# Not in /tmp, which each test has for itself.
work=$(mktemp -d /var/tmp/nsshim-runners.XXXXXX) || exit 1
file=/tmp/nsshim-x-$$
trap 'rc=$?; rm -rf "$work" "$file"; (exit $rc); leave' EXIT
chmod 755 "$work"
cp -r "$TESTS/../examples/suites" "$work"
cd "$work/suites" || exit 1
# The other half of this case is run at the same time, and outside its file would be this one's.
grep -rl nsshim-x . | xargs sed -i "s,/tmp/nsshim-x,$file,"

page=$TESTS/../shim/nsshim-runners.7
# A cargo of rustup's knows its home.
export RUSTUP_HOME=${RUSTUP_HOME-$HOME/.rustup}
export HOME=$work GOCACHE=$work/gocache GOPROXY=off GOFLAGS=-vet=off CARGO_NET_OFFLINE=true
export PATH=$work/bin:$BUILD:$PATH LD_LIBRARY_PATH=$BUILD PYTHONDONTWRITEBYTECODE=1 PYTEST_DEBUG_TEMPROOT=$work
once=$(sed -n 's/^\.Dl //p' "$page" | sed '/^LD_PRELOAD/,$d')
expect_like 'its default' /usr/local/share/nsshim/ "$once"
sh -c "${once//\/usr\/local\/share\/nsshim/$TESTS/../examples}" || fail "$once"

# What a suite has to be made ready by, and what stands in for a nextest.
ready() { # RUNNER
	mkdir -p "$work/bin"
	case $1 in
	ctest) cmake . ;;
	# A user has no /tmp that shows what is in it while others mount there, as cases do.
	go) [ -n "$ROOT" ] || sh -c "$(sed -n 's/^\.Dl go env/go env/p' "$page")" ;;
	meson) meson setup build ;;
	cargo) rustc -o "$work/bin/cargo-nextest" "$TESTS/lib/cargo-nextest.rs" && cargo test --no-run ;;
	esac
}
# All three tests at a time, or what there is of them; nothing is left of the last time.
anew() { # COMMAND
	rm -f "$file"
	find . -name came -delete
	run sh -c "$1"
}
with='LD_PRELOAD=libnsshim.so '
passes() { # COMMAND
	anew "$1"
	[ "$RC" = 0 ] || fail "$1: exit status $RC"$'\n'"$(tail -n 20 <<<"$OUT$ERR")"
}
fails() { # COMMAND
	anew "$1"
	[ "$RC" != 0 ] || fail "$1: passes"
}
absent=
for runner in make ctest meson pytest prove go cargo; do
	command -v $runner >/dev/null || {
		[ "${CI-}" != true ] || fail "$runner is not there"
		skip_part "$runner is not there"
		absent="$absent $runner"
		continue
	}
	(cd $runner && ready $runner) >out 2>&1 || fail "$runner: $(cat out)"
done

n=0
while read -r command; do
	n=$((n + 1))
	runner=${command%% *}
	case $absent in *" $runner"*) continue ;; esac
	cd "$work/suites/$runner" || exit 1
	fails "$command"
	passes "$with$command"
	[ ! -e "$file" ] || fail "$command: its /tmp is that of outside"

	# The words of the row are all in the command: the last such one. An ordinary user's exec is made
	# in another image, and the rest is as root's.
	[ -n "$ROOT" ] || continue
	door=
	while IFS='|' read -r words rule by; do
		for word in $words; do
			case " $command " in *" $word "*) ;; *) continue 2 ;; esac
		done
		door="[$rule] by $by"
	done < <(sed -n 's/^\.It Li \(.*\) Ta \(.*\) Ta \(.*\) Ta .*/\1|\2|\3/p' "$page")
	anew "nsshim trace $command"
	expect_eq "$command: what entered" "${door:-a row of the table}" "$(grep -o '\[[a-z ]*\] by [a-z]*' <<<"$ERR" | sort -u)"
done < <(sed -n "s/^\.Dl $with//p" "$page")
expect_eq 'how many commands there are' 9 $n

# What the page says of its runners' bounds.
[ -n "$ROOT" ] || exit "$FAILED"
cd "$work/suites/ctest" || exit 1
passes "${with}make test ARGS=-j3"
anew 'nsshim trace ctest -D ExperimentalBuild'
expect_like 'ctest -D: what builds' $'^ctest  outside\n  cmake  outside\n' "$(sed -E 's/^ *[0-9.]+ ms  ( *)[0-9]+  /\1/' <<<"$ERR")"
anew 'nsshim trace ctest -D ExperimentalTest -j 3'
expect_like 'ctest -D: tests' '\[ctest of a dashboard\] by' "$ERR"

cd "$work/suites/meson" || exit 1
anew 'nsshim trace meson test -C build --benchmark'
expect_like 'meson: benchmarks' '  true  outside' "$ERR"

cd "$work/suites/pytest" || exit 1
cat >test_bounds.py <<END
import os
def test_leaves(): assert (os.readlink("/proc/self/ns/net") == "$(ns_of net)") == ("PYTEST_XDIST_WORKER" not in os.environ); open("$file", "x")
def test_finds(): os.unlink("$file")
END
passes "${with}pytest -n 1 test_bounds.py"
passes "${with}pytest test_bounds.py"

case $absent in *" go"*) ;; *)
	cd "$work/suites/go" || exit 1
	export CGO_ENABLED=0
	fails "${with}go test -p 3 ./..."
	passes "${with}go test -p 3 -exec env ./..."
	sh -c "$(sed -n 's/^\.Dl go env/go env/p' "$page")"
	passes "${with}go test -p 3 -exec env -coverpkg=./want -coverprofile=kept ./..."
	expect_like 'go: a profile' '^mode: set.*suite/want' "$(cat kept)"
	;;
esac
case $absent in *" cargo"*) ;; *)
	cd "$work/suites/cargo" || exit 1
	fails "${with}cargo test --test want"
	;;
esac
exit "$FAILED"

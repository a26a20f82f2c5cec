# shellcheck shell=bash
# What the cases have in common: sourced by each. A case goes on after an expectation that was not
# met, so that one run tells all; it has failed then. Run by hand: bash tests/case/NAME.sh
# shellcheck disable=SC2034 # most of these names are for the cases

set -u
TESTS=${TESTS:-$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)}
BUILD=${BUILD:-$TESTS/../build}
BUILD=$(cd "$BUILD" && pwd)
LIB=$BUILD/libnsshim.so
NSSHIM=$BUILD/nsshim
PROG=$BUILD/tests
door=$PROG/door
state=$PROG/state
KINDS='user mnt net ipc uts cgroup time'
# ENTRY:MODE of door, one for each way into a namespace that the library has.
WAYS='execve:direct execve:fork execve:vfork execve:direct+threads execve:vfork+threads
	posix_spawn:direct posix_spawn:direct+threads raw:fork raw:direct+threads'
ROOT=
[ "$(id -u)" != 0 ] || ROOT=1
unset LD_PRELOAD NSSHIM_PROFILE NSSHIM_LOG NSSHIM_STATE XDG_CONFIG_HOME
MADE=
[ -n "${T-}" ] || {
	T=$(mktemp -d) && MADE=$T || exit 1
	chmod 755 "$T"
}
[ -e /proc/self/fd/3 ] || exec 3>&2
cd "$T" || exit 1

FAILED=0
HOLDERS=()
leave() {
	local rc=$?
	# Not one that has ended: its number may be another's.
	{
		[ ${#HOLDERS[@]} = 0 ] || kill -9 "${HOLDERS[@]}"
		wait
	} 2>/dev/null
	[ -z "$MADE" ] || rm -rf --one-file-system "$MADE"
	[ $rc != 0 ] || rc=$FAILED
	exit $rc
}
trap leave EXIT

fail() {
	echo "$*"
	FAILED=1
}

# The rest of this case, or one part of it, cannot be shown here. Counted, never hidden.
skip() {
	echo "all $*" >&3
	exit "$FAILED"
}
skip_part() {
	echo "part $*" >&3
}

expect_eq() { # WHAT WANTED GOT
	[ "$2" = "$3" ] || fail "$1"$'\n'"  wanted: ${2//$'\n'/$'\n'          }"$'\n'"  got:    ${3//$'\n'/$'\n'          }"
}
expect_not() { # WHAT UNWANTED GOT
	if [ "$2" = "$3" ] || [ -z "$3" ]; then
		fail "$1"$'\n'"  unwanted: $3"
	fi
}
expect_like() { # WHAT REGEX GOT: a part of it fits
	[[ $3 =~ $2 ]] || fail "$1"$'\n'"  wanted a part that fits: $2"$'\n'"  got: ${3//$'\n'/$'\n'       }"
}
expect_unlike() { # WHAT REGEX GOT
	[[ ! $3 =~ $2 ]] || fail "$1"$'\n'"  wanted no part that fits: $2"$'\n'"  got: ${3//$'\n'/$'\n'       }"
}

# Runs a command, and keeps what it said in OUT and ERR, how it ended in RC.
run() {
	"$@" >"$T/.out" 2>"$T/.err"
	RC=$?
	OUT=$(cat "$T/.out" 2>/dev/null)
	ERR=$(cat "$T/.err" 2>/dev/null)
}

# Of the last run: nothing on descriptor 2; or one line, that fits the expression.
expect_silent() { # WHAT
	expect_eq "$1: standard error" '' "$ERR"
}
expect_line() { # WHAT REGEX
	case $ERR in
	*$'\n'* | '') fail "$1: not one line on standard error, but: ${ERR:-none}" ;;
	esac
	expect_like "$1: the line" "$2" "$ERR"
}

# Writes a profile, and is its path. Without a section, it is one rule, [rule].
profile() { # TEXT [FILE]
	local file=${2-$T/rules.ini} text=$1
	case $text in '['* | *$'\n['*) ;; *) text="[rule]"$'\n'"${text//; /$'\n'}" ;; esac
	printf '%s\n' "$text" >"$file"
	echo "$file"
}

# Runs a program with the shim; it stays outside itself.
shim() { # TEXT PROGRAM...
	local file
	file=$(profile "$1")
	shift
	LD_PRELOAD=$LIB NSSHIM_PROFILE=$file "$@"
}

# A stock profile, by its name: `stock PROGRAM...` runs under it.
use_stock() { # NAME
	STOCK=$1
	mkdir -p "$T/config/nsshim"
	cp "$TESTS/../examples/$1.ini" "$T/config/nsshim"
}
stock() { # PROGRAM...
	XDG_CONFIG_HOME=$T/config NSSHIM_PROFILE=$STOCK LD_PRELOAD=$LIB "$@"
}

# Of a program that tells its network first: it is another than this shell's.
expect_own_net() { # WHAT TEXT PROGRAM...
	run shim "$2" "${@:3}"
	expect_like "$1" '^net:' "$OUT"
	expect_not "$1: inside" "$(ns_of net)" "${OUT%%$'\n'*}"
	expect_silent "$1"
}

# Runs a program inside: what env executes fits a rule without match.
inside() { # TEXT PROGRAM...
	local text=$1
	shift
	shim "$text" env "$@"
}

# The namespace that this shell is in.
ns_of() { # KIND [PID]
	readlink "/proc/${2-self}/ns/$1"
}

# Starts a process in namespaces of its own (options of unshare(1)), for others to join; HELD is its pid.
hold() { # OPTION...
	hold_by unshare "$@" -- sleep 1000
}

# The same, of any command that comes to execute sleep.
hold_by() { # COMMAND...
	"$@" &
	HELD=$!
	HOLDERS+=("$HELD")
	await sleep "$HELD"
}

# Waits until a process executes a program of this name, wherever that lies for it.
await() { # NAME PID
	local i
	for ((i = 0; i < 500; i++)); do
		case $(readlink "/proc/$2/exe") in */"$1") return ;; esac
		sleep 0.01
	done
	fail "process $2 does not come to be $1"
	exit 1
}

# The first child of a process, once it is there: CHILD.
await_child() { # PID
	local i
	for ((i = 0; i < 500; i++)); do
		CHILD=$(cut -d ' ' -f 1 "/proc/$1/task/$1/children" 2>/dev/null)
		[ -z "$CHILD" ] || return 0
		sleep 0.01
	done
	fail "process $1 has no child"
	exit 1
}

# Copies programs into a folder that is to be a root directory, with the libraries that they need.
copy_into() { # FOLDER PROGRAM...
	local file library folder=$1
	shift
	for file; do
		for library in "$file" $(ldd "$file" | grep -o '/[^ ]*'); do
			mkdir -p "$folder${library%/*}"
			cp -L "$library" "$folder$library"
		done
	done
}

# What root and an ordinary user need to make namespaces for `hold`.
if [ -n "$ROOT" ]; then
	OWN=()
else
	OWN=(--user --map-root-user)
fi

# Shared sets: a place of this case alone; the processes that hold sets there, and their sockets.
own_sets() {
	export XDG_RUNTIME_DIR=$T/run
	mkdir -m 700 "$XDG_RUNTIME_DIR"
}
holders() {
	pgrep -f -- "^nsshim --(hold|pool) .*:$XDG_RUNTIME_DIR "
}
sockets() {
	find "$XDG_RUNTIME_DIR/nsshim" -mindepth 1 ! -name lock -printf '%f\n' 2>/dev/null
}
# Waits until no set is left: a holder learns of an end by itself.
expect_no_sets() { # WHAT [SECONDS]
	local i
	for ((i = 0; i < ${2-5} * 50; i++)); do
		[ -n "$(holders)$(sockets)" ] || return 0
		sleep 0.02
	done
	fail "$1: left are holders: $(holders | xargs) and sockets: $(sockets | xargs)"
	holders | xargs -r kill -9
}

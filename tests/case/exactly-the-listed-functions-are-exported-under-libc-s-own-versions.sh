#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

listed='_Fork@@GLIBC_2.34
__fork@@GLIBC_2.2.5
execl@@GLIBC_2.2.5
execle@@GLIBC_2.2.5
execlp@@GLIBC_2.2.5
execv@@GLIBC_2.2.5
execve@@GLIBC_2.2.5
execveat@@GLIBC_2.34
execvp@@GLIBC_2.2.5
execvpe@@GLIBC_2.11
fexecve@@GLIBC_2.2.5
fork@@GLIBC_2.2.5
pidfd_spawn@@GLIBC_2.39
pidfd_spawnp@@GLIBC_2.39
posix_spawn@@GLIBC_2.15
posix_spawn@GLIBC_2.2.5
posix_spawnp@@GLIBC_2.15
posix_spawnp@GLIBC_2.2.5'
# Those of x86-64. Where libc is younger it has had one version of each from its first on.
first=
case $(readelf -h "$LIB" | sed -n 's/^ *Machine: *//p') in
*X86-64) ;;
*386) listed=$(sed '/[a-z]@G/!s/2\.2\.5/2.0/; s/2\.2\.5/2.2/' <<<"$listed") ;;
AArch64) first=2.17 ;;
RISC-V) first=2.27 ;;
*) fail 'what versions has libc on this machine?' ;;
esac
[ -z "$first" ] || listed=$(sed "/[a-z]@G/d; s/2\.2\.5\|2\.11\|2\.15/$first/" <<<"$listed")
exported=$(nm -D --defined-only "$LIB" | awk '$2 != "A" { print $3 }' | LC_ALL=C sort)
expect_eq 'the exports' "$(LC_ALL=C sort <<<"$listed")" "$exported"

# All of them are libc's: under that version, and as the default one where they are here.
libc=$(ldd "$door" | awk '$1 == "libc.so.6" { print $3 }')
nm -D --defined-only "$libc" | awk '{ print $3 }' >versions
for name in $exported; do
	grep -qxF "$name" versions && continue
	case $name in
	pidfd_spawn*) grep -q '^pidfd_spawn' versions && fail "libc has another $name" ;;
	*) fail "libc has no $name" ;;
	esac
done

# The loader itself has what guards the stack, on some machines.
expect_eq 'what it needs' libc.so.6 "$(objdump -p "$LIB" | awk '$1 == "NEEDED" && $2 !~ /^ld-linux-/ { print $2 }')"
expect_eq 'its name' libnsshim.so "$(objdump -p "$LIB" | awk '$1 == "SONAME" { print $2 }')"
expect_like 'bound at start' 'BIND_NOW' "$(readelf -d "$LIB")"

# Each is the one that a program calls: by linking, and by dlsym and dlvsym.
for name in $exported; do
	entry=${name%%@*}
	case $name in
	*[a-z]@GLIBC*) entry=$entry-old ;;
	pidfd*) continue ;;
	*[fF]ork@*)
		run shim 'match = children; when = fork; net = new' "$PROG/children" "$entry"
		expect_like "$name, called" " 1 children, .* 0 of them its parent's\$" "$OUT"
		continue
		;;
	esac
	run shim 'match = state; net = new' "$door" "$entry" fork "$state" ns:net
	expect_like "$name, called" '^net:' "$OUT"
	expect_not "$name, called" "$(ns_of net)" "$OUT"
done
cat >find.py <<'END'
import ctypes, sys
libc = ctypes.CDLL(None)
class Info(ctypes.Structure):
    _fields_ = [("file", ctypes.c_char_p), ("base", ctypes.c_void_p), ("name", ctypes.c_char_p), ("at", ctypes.c_void_p)]
libc.dlvsym.restype = libc.dlsym.restype = ctypes.c_void_p
for line in sys.argv[1:]:
    name, _, version = line.partition("@")
    for at in (libc.dlsym(None, name.encode()), libc.dlvsym(None, name.encode(), version.strip("@").encode())):
        info = Info()
        libc.dladdr(ctypes.c_void_p(at), ctypes.byref(info))
        if not at or not info.file.endswith(b"/libnsshim.so"):
            print(line, info.file)
END
# shellcheck disable=SC2086 # words on purpose
run shim '[nothing]' python3 find.py $exported
expect_eq 'found by dlsym and dlvsym' '' "$OUT$ERR"

#!/bin/bash
# runs: root
. "$(dirname "$0")/../case.sh"

# Everything that the objects of the child's side use of libc, and what they use of the library's
# own objects, all the way down. What is made before main is left out: state and next.
cat >reach.py <<'END'
import pathlib, subprocess, sys

build = pathlib.Path(sys.argv[1])
roots = "exec fork enter member ahead sets join create settle action attr sys env path helper reexec report profile match resolve place lead deed ids privilege fence filter".split()
before_main = {"state", "next", "locate"}
# signal-safety(7), and beside it: what is a bare system call in libc, and functions of memory alone;
# strerror is called in musl alone, and is one there (conf/fault.c).
allowed = set("""
    _exit access chdir chroot clock_gettime clone close faccessat fchdir fcntl fstat fstatat fstatfs getegid geteuid getgid
    getrlimit getuid ioctl sethostname setdomainname getpgid setpgid setpriority mmap mount munmap prctl readlink setrlimit setsockopt socket socketpair stat statfs syscall uname write
    memchr memcmp memcpy memmove memrchr memset strchr strcmp strcspn strlen strncmp strnlen strrchr strspn strstr
    strerrordesc_np strerrorname_np strerror __errno_location __stack_chk_fail _GLOBAL_OFFSET_TABLE_ environ
    posix_spawnattr_getflags posix_spawnattr_getpgroup posix_spawnattr_getschedparam
    posix_spawnattr_getschedpolicy posix_spawnattr_getsigdefault posix_spawnattr_getsigmask""".split())

def symbols(path, *options):
    text = subprocess.run(["nm", *options, path], check=True, capture_output=True, text=True).stdout
    return {line.split()[-1].split("@")[0] for line in text.splitlines() if line.split()}

objects = {d + "/" + p.stem: p for d in ("conf", "shim", "shim/inner", "shim/sets") for p in (build / d).glob("*.o")}
defines = {}
for name, path in objects.items():
    if path.stem in ("nsshim", "mapper", "compiler", "subid", "caps", "monitor", "image", "holder", "crowd", "roll", "reread", "sweep", "post", "pool"):
        continue # the command's
    for symbol in symbols(path, "--defined-only", "--extern-only"):
        defines[symbol] = name

bad = 0
seen, todo = set(), [d + r for d in ("conf/", "shim/", "shim/inner/", "shim/sets/") for r in roots if d + r in objects]
if len(todo) < 10:
    print("the objects are not there:", sorted(objects))
    bad = 1
while todo:
    name = todo.pop()
    if name in seen or objects[name].stem in before_main:
        continue
    seen.add(name)
    for symbol in sorted(symbols(objects[name], "--undefined-only")):
        if symbol in defines:
            todo.append(defines[symbol])
        elif symbol.removesuffix("64") not in allowed and symbol != "ini_parse_stream":
            print(f"{name} uses {symbol}, which is not on the list")
            bad = 1

# ini_parse_stream of libinih is one object with functions that open files and allocate; that it does
# neither itself is counted in tests/unit/profile.c.
library = symbols(build / "libnsshim.so", "-D", "--undefined-only")
if library & {s for s in library if s.startswith("cap_")}:
    print("libnsshim.so imports libcap")
    bad = 1
sys.exit(bad)
END
python3 reach.py "$BUILD" || fail 'see above'

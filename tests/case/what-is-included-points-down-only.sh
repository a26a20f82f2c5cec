#!/bin/bash
# runs: root
. "$(dirname "$0")/../case.sh"

cat >layers.py <<'END'
import pathlib, re, sys

root = pathlib.Path(sys.argv[1])
# From the top down; a file that is not named has its place below those which include it.
layers = [["hook", "nsshim"], ["reexec", "spawn", "load", "exec"], ["state"], ["enter", "next", "env", "caps"], ["plan"]]
# Parts of one module: step.h is what the files of enter share.
part_of = {"step": "enter", "member": "enter", "ahead": "enter", "create": "enter", "join": "enter", "settle": "enter", "dirs": "enter",
           "deed": "enter"}
level = {name: len(layers) - i for i, row in enumerate(layers) for name in row}
bad = 0

def say(text):
    global bad
    bad = 1
    print(text)

uses, circles = {}, set()
for d in ("conf", "shim"):
    for path in sorted((root / d).rglob("*.[ch]")):
        module = "conf" if d == "conf" else part_of.get(path.stem, path.stem)
        if root / "shim/command" in path.parents:
            module = str(path.relative_to(root / "shim").with_suffix(""))
        for name in re.findall(r'^#\s*include\s+"([^"]*)"', path.read_text(), re.M):
            where, _, stem = name.partition("/")
            stem = re.sub("^(inner|sets)/", "", stem[:-2])
            if where not in ("conf", "shim") or not (root / name).exists():
                say(f'{path}: "{name}" is not named from the root')
                continue
            if d == "conf" and where == "shim":
                say(f"{path}: conf includes {name}")
            other = part_of.get(stem, stem) if where == "shim" else "conf"
            if other != module:
                uses.setdefault(module, set()).add(other)

def below(module, path):
    """All that it reaches; a way back to one on the path is a circle."""
    found = set()
    for other in sorted(uses.get(module, ())):
        if other in path:
            circle = path[path.index(other):]
            if frozenset(circle) not in circles:
                circles.add(frozenset(circle))
                say("a circle: " + " -> ".join(circle + [other]))
            continue
        found |= {other} | below(other, path + [other])
    return found

for module in sorted(uses):
    for other in below(module, [module]):
        if module in level and other in level and level[other] > level[module]:
            say(f"{module} reaches up to {other}")
if len(uses) < 15:
    say("where are the sources?")
sys.exit(bad)
END
python3 layers.py "$TESTS/.." || fail 'see above'
# The only file that knows of libinih, and the only sides that know of libcap, libseccomp and libjansson.
expect_eq 'who includes <ini.h>' 'conf/parse.c' "$(cd "$TESTS/.." && grep -rl '<ini\.h>' conf shim --include='*.[ch]')"
expect_eq 'who includes <sys/capability.h>' 'shim/caps.c' "$(cd "$TESTS/.." && grep -rl '<sys/capability\.h>' conf shim --include='*.[ch]')"
expect_eq 'who includes <seccomp.h>' 'shim/compiler.c' "$(cd "$TESTS/.." && grep -rl '<seccomp\.h>' conf shim --include='*.[ch]')"
expect_eq 'who includes <jansson.h>' 'shim/command/json.h' "$(cd "$TESTS/.." && grep -rl '<jansson\.h>' conf shim --include='*.[ch]')"

#!/bin/bash
# runs: user
. "$(dirname "$0")/../case.sh"

tree=$TESTS/..
[ -r "$tree/README.md" ] || skip 'this copy of the tree has no README.md'
cat >look.py <<'END'
import pathlib, re, sys
from xml.etree import ElementTree

tree, drawn = pathlib.Path(sys.argv[1]), sorted(sys.argv[2:])
shown = re.findall(r"!\[([^]]*)\]\(([^)]*)\)", (tree / "README.md").read_text())
if sorted(path for _, path in shown) != [f"examples/pictures/{name}.svg" for name in drawn]:
    print(f"the README shows {shown}, and {drawn} are drawn")
if sorted(p.stem for p in (tree / "examples/pictures").glob("*.svg")) != drawn:
    print("a picture is missing, or nobody draws it")
for alt, path in shown:
    text = (tree / path).read_text()
    parts = list(ElementTree.fromstring(text).iter())
    names = {e.tag.split("}")[1] for e in parts}
    words = " ".join(e.text for e in parts if e.tag.endswith("}text")).replace("\xa0", " ")
    if len(alt.split()) < 8:
        print(f"{path}: an alternative text that tells nothing")
    if not names <= {"svg", "style", "rect", "text", "g", "circle"}:
        print(f"{path}: more than text and rectangles: {names}")
    for no in "url(", "@import", "href", "font-face", "/tmp/", "/root", "onload":
        if no in text:
            print(f"{path}: {no}")
    if "alice@box" not in words or "nsshim" not in words:
        print(f"{path}: nothing that was run on the stage: {words[:80]}")
    if len(text) > 16384:
        print(f"{path}: {len(text)} bytes")
END
mapfile -t drawn < <(python3 "$tree/examples/pictures/draw" --list)
[ ${#drawn[@]} -ge 4 ] || fail "only these are drawn: ${drawn[*]}"
expect_eq 'the pictures' '' "$(python3 look.py "$tree" "${drawn[@]}" 2>&1)"

# The stage is a profile, which says what it should.
run "$NSSHIM" check "$tree/examples/pictures/stage.ini"
expect_eq 'the stage: exit status' 0 "$RC"

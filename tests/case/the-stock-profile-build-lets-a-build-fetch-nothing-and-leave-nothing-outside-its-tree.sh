#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

use_stock build
export HOME=$T/home
mkdir -p "$HOME" tree/src

# A real one, by cmake, in the tree: it is built and its own test passes.
cp -r /usr/src/googletest/googletest tree/
cat >tree/CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.10)
project(t CXX)
add_library(g googletest/src/gtest-port.cc googletest/src/gtest-filepath.cc)
target_include_directories(g PRIVATE googletest googletest/include PUBLIC googletest/include)
END
cd tree || exit 1
run stock sh -c 'mkdir -p out && cd out && cmake .. >/dev/null && make -j2 >/dev/null && ls libg.a'
expect_eq 'cmake' libg.a "$OUT"
expect_silent 'cmake'

# By npm, with nothing fetched: a dependency of the tree, and a script.
mkdir -p dep app
echo '{"name":"dep","version":"1.0.0","main":"i.js"}' >dep/package.json
echo 'module.exports = 42' >dep/i.js
echo '{"name":"app","version":"1.0.0","scripts":{"build":"node b.js"},"dependencies":{"dep":"file:../dep"}}' >app/package.json
echo 'require("fs").writeFileSync("built", String(require("dep")))' >app/b.js
run stock sh -c 'cd app && export npm_config_cache=/tmp/npm npm_config_update_notifier=false && npm install --offline --no-audit --no-fund >/dev/null && npm run build >/dev/null && cat built'
expect_eq 'npm' 42 "$OUT"
expect_eq 'npm: status' 0 "$RC"

# What it must not do.
cat >try.sh <<'END'
for f in "$HOME/x" /etc/nsshim-x /usr/nsshim-x /var/tmp/nsshim-x; do
	(: >"$f") 2>/dev/null && echo "$f"
done
: >/tmp/nsshim-build-x && ls -d /tmp/nsshim*
: >../x
python3 -c 'import socket; socket.create_connection(("192.0.2.1", 80), 5)' 2>&1 | tail -1
: >here && ls here
END
run stock sh try.sh
expect_eq 'what it may' '/tmp/nsshim-build-x
OSError: [Errno 101] Network is unreachable
here' "$OUT"
[ ! -e ../x ] || fail 'what is beside its tree is that of outside'
[ ! -e /tmp/nsshim-build-x ] || fail 'its /tmp is that of outside'
[ -e here ] || fail 'its tree is not the one outside'

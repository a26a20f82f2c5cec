#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# Whoever is killed, and whenever: the caller is told, nothing hangs and nothing is left. The
# process that bears the program too, while that is about to execute: tests/kill-on-the-way.
command -v strace >/dev/null || skip 'strace is not installed'
rule='match = state; pid = new; mnt = new; uid_map = self; gid_map = self'
"$TESTS/kill-on-the-way" posix_spawn:direct "$rule" || fail 'posix_spawn'
"$TESTS/kill-on-the-way" execve:fork "$rule" || fail 'execve'
[ -z "$ROOT" ] || "$TESTS/kill-on-the-way" posix_spawn:direct "$rule; user = new" || fail 'posix_spawn by a fresh image'

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

cat >forks.c <<'END'
#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
/* forks PROFILE: deletes it, and forks */
int main(int argc, char **argv)
{
	int status, after, removed = unlink(argv[argc - 1]);

	errno = 0;
	if (!fork())
		_exit(errno);
	after = errno;
	wait(&status);
	return printf("%d: %d, and in the child %d\n", removed, after, WEXITSTATUS(status)) < 0;
}
END
cc -o forks forks.c || exit 1
# A large profile, of which it was known already that no rule fits, is read by the fork: in vain.
for i in {1..5000}; do
	printf '[%d]\nmatch = nothing-%d\nuts = new\n' "$i" "$i"
done >large.ini
for rules in "$(profile 'match = nothing; uts = new')" "$T/large.ini"; do
	run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$rules" sh -c '"$@"; :' - "$T/forks" "$rules"
	expect_eq "${rules##*/}" '0: 0, and in the child 0' "$OUT"
	expect_silent "${rules##*/}"
done

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# Memory is shared and the parent waits: with a rule for its children too.
cat >share.c <<'END_OF'
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
static char *const args[] = { (char *)"true", NULL };
static void *many(void *bad)
{
	for (int i = 0; i < 500; i++) {
		volatile int told = 0;
		int status;
		pid_t pid = vfork();
		if (pid == 0) {
			told = 1;
			if (i % 50 == 0)
				execv("/bin/true", args);
			_exit(7);
		}
		if (pid < 0 || !told || waitpid(pid, &status, 0) != pid ||
		    WEXITSTATUS(status) != (i % 50 ? 7 : 0))
			*(int *)bad = 1;
	}
	return NULL;
}
int main(void)
{
	pthread_t thread[4];
	int bad[4] = { 0 };
	for (int i = 0; i < 4; i++)
		pthread_create(&thread[i], NULL, many, &bad[i]);
	for (int i = 0; i < 4; i++) {
		pthread_join(thread[i], NULL);
		if (bad[i])
			return 1;
	}
	return puts("held") < 0;
}
END_OF
cc -O2 -pthread -o share share.c || exit 1
for rule in 'match = nothing; net = new' 'match = share; when = fork; uts = new' 'match = true; net = new'; do
	run shim "$rule" timeout 100 ./share
	expect_eq "$rule" held "$OUT"
	expect_silent "$rule"
done
run shim 'match = sh; when = fork; net = new' sh -c 'readlink /proc/self/ns/net; ls >/dev/null; echo $?'
expect_not 'a shell that uses it' "$(ns_of net)" "${OUT%%$'\n'*}"
expect_eq 'a shell that uses it' 0 "${OUT#*$'\n'}"

#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# A library that has a fork of its own, as a sanitizer's: linked with the program, or preloaded too.
cat >own.c <<'END_OF'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>
int forks;
pid_t fork(void)
{
	forks++;
	return ((pid_t(*)(void))dlsym(RTLD_NEXT, "fork"))();
}
END_OF
cat >main.c <<'END_OF'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
static ino_t parent, seen;
static int dies;
static ino_t net(void)
{
	struct stat st;
	return stat("/proc/thread-self/ns/net", &st) ? 0 : st.st_ino;
}
static void in_child(void)
{
	seen = net();
	if (dies)
		raise(SIGKILL);
}
int main(int argc, char **argv)
{
	int status, *forks = dlsym(RTLD_DEFAULT, "forks");
	parent = net();
	dies = argc > 1;
	(void)argv;
	pthread_atfork(NULL, NULL, in_child);
	pid_t pid = fork();
	if (!pid)
		_exit(net() == parent || seen != parent);
	if (waitpid(pid, &status, 0) != pid)
		return 1;
	printf("%d forks, %s %d\n", forks ? *forks : 0, WIFEXITED(status) ? "exit" : "signal",
	       WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
	return 0;
}
END_OF
cc -shared -fPIC -o libown.so own.c && cc -Wl,--no-as-needed -o linked main.c -L. -lown -Wl,-rpath,"$T" &&
	cc -o plain main.c || exit 1
rule='match = linked; match = plain; when = fork; net = new'
run shim "$rule" ./linked
expect_eq 'linked' '1 forks, exit 0' "$OUT"
expect_silent 'linked'
run shim 'match = nothing; net = new' ./linked
expect_eq 'linked, no rule' '1 forks, exit 1' "$OUT"
for order in "$T/libown.so:$LIB" "$LIB:$T/libown.so"; do
	LD_PRELOAD=$order NSSHIM_PROFILE=$(profile "$rule") run ./plain
	expect_eq "$order" '1 forks, exit 0' "$OUT"
	expect_silent "$order"
done
# One that dies before it has entered is a child that has died.
run shim "$rule" ./plain dies
expect_eq 'a child dies' '0 forks, signal 9' "$OUT"

/*
 * A library of a program: its constructor, which may well come before the shim's, starts EARLY (a
 * program), or where EARLY_THREAD is set a thread that stays.
 */
#include <pthread.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void *idle(void *unused)
{
	for (;;)
		pause();
	return unused;
}

__attribute__((constructor)) static void begin(void)
{
	char *program = getenv("EARLY"), *args[] = { program, "ns:net", NULL };
	pthread_t thread;
	pid_t pid;
	if (getenv("EARLY_THREAD"))
		pthread_create(&thread, NULL, idle, NULL);
	if (!program)
		return;
	unsetenv("EARLY");
	if (!posix_spawn(&pid, program, NULL, NULL, args, environ))
		waitpid(pid, NULL, 0);
	if ((pid = fork()) == 0) {
		execv(program, args);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
}

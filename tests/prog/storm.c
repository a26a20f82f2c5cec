/*
 * storm THREADS ROUNDS PROGRAM [ARG]...: so many threads start it at the same time, each so often, by
 * posix_spawn, by vfork and by fork. PROGRAM has to exit with 0. Meanwhile another thread allocates
 * and opens libraries. Prints what went wrong.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int rounds;
static char **target;
static atomic_int bad, done;

static int start(int way, pid_t *pid)
{
	if (way == 0)
		return posix_spawn(pid, target[0], NULL, NULL, target, environ);
	*pid = way == 1 ? vfork() : fork();
	if (*pid == 0) {
		execve(target[0], target, environ);
		_exit(90);
	}
	return *pid < 0 ? errno : 0;
}

static void *begin(void *number)
{
	for (int i = 0; i < rounds; i++) {
		int status = -1;
		pid_t pid = -1;
		int err = start((i + (int)(long)number) % 3, &pid);
		if (!err && waitpid(pid, &status, 0) != pid)
			err = errno;
		if (err || status) {
			printf("thread %ld, round %d: %s, status %x\n", (long)number, i,
			       err ? strerrorname_np(err) : "started", status);
			bad++;
		}
	}
	return NULL;
}

static void *disturb(void *unused)
{
	while (!done) {
		void *library = dlopen("libm.so.6", RTLD_NOW | RTLD_LOCAL);
		free(malloc(100000));
		if (library)
			dlclose(library);
	}
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t thread[64], other;
	if (argc < 4)
		return 71;
	int threads = atoi(argv[1]);
	rounds = atoi(argv[2]);
	target = argv + 3;
	pthread_create(&other, NULL, disturb, NULL);
	for (long i = 0; i < threads && i < 64; i++)
		pthread_create(&thread[i], NULL, begin, (void *)i);
	for (int i = 0; i < threads && i < 64; i++)
		pthread_join(thread[i], NULL);
	done = 1;
	pthread_join(other, NULL);
	printf("%d of %d went wrong\n", bad, threads * rounds);
	return bad != 0;
}

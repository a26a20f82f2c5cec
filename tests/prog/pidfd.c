/*
 * pidfd [-fN] ENTRY FILE [ARG]...: starts FILE by pidfd_spawn or pidfd_spawnp, which libc may lack, and
 * tells what the caller got: `ENTRY: status N`, `ENTRY: ERRNO`, or `no ENTRY`; and what is wrong
 * with it, if anything is. -fN: every descriptor but N is in use, up to the soft limit.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

typedef int pidfd_function(int *, const char *, const posix_spawn_file_actions_t *,
			   const posix_spawnattr_t *, char *const *, char *const *);

static int descriptors(void)
{
	int n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void fill_descriptors(int free)
{
	int last = -1, fd;

	while ((fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
		last = fd;
	while (free-- > 0)
		close(last--);
}

static int start(int argc, char **argv);

int main(int argc, char **argv)
{
	if (argc > 1 && !strncmp(argv[1], "-f", 2)) {
		fill_descriptors(atoi(argv[1] + 2));
		argv[1] = argv[0];
		argc--, argv++;
	}
	return start(argc, argv);
}

static int start(int argc, char **argv)
{
	pidfd_function *entry = argc > 2 ? (pidfd_function *)dlsym(RTLD_DEFAULT, argv[1]) : NULL;
	int fd = -5, before = descriptors(), err;
	siginfo_t si = { 0 };

	if (!entry) {
		printf("no %s\n", argc > 1 ? argv[1] : "entry");
		return 0;
	}
	errno = EXFULL;
	err = entry(&fd, argv[2], NULL, NULL, argv + 2, environ);
	if (errno != (err ? err : EXFULL))
		printf("errno is %d\n", errno);
	if (err) {
		printf("%s: %s\n", argv[1], strerrorname_np(err));
		if (fd != -5 || descriptors() != before)
			printf("a descriptor is left\n");
		if (waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD)
			printf("a child is left\n");
		return 0;
	}
	if (fcntl(fd, F_GETFD) != FD_CLOEXEC)
		printf("descriptor %d is not close-on-exec\n", fd);
	if (waitid(P_PIDFD, (id_t)fd, &si, WEXITED))
		printf("waitid: %s\n", strerrorname_np(errno));
	printf("%s: status %d\n", argv[1], si.si_status);
	close(fd);
	return 0;
}

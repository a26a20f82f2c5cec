#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include "shim/env.h"
#include "shim/exec.h"
#include "shim/fork.h"
#include "shim/hook.h"
#include "shim/libc.h"
#include "shim/spawn.h"
#include "shim/sys.h"
#include "shim/versions.h"

extern char **environ;

static int run(const char *path, char *const *argv, char *const *envp)
{
	return exec_door(&(struct exec_request){
		.dirfd = AT_FDCWD, .file = path, .argv = argv, .envp = envp });
}

/*
 * The PATH searched is the process's own, whatever envp says (execvpe(3)). musl gives no script to the
 * shell.
 */
static int run_searched(const char *file, char *const *argv, char *const *envp)
{
	return exec_door(&(struct exec_request){ .dirfd = AT_FDCWD,
						 .file = file,
						 .search = true,
						 .shell = !libc_is_musl(),
						 .path = env_value(environ, "PATH"),
						 .argv = argv,
						 .envp = envp });
}

HOOK int execve(const char *path, char *const argv[], char *const envp[])
{
	return run(path, argv, envp);
}

HOOK int execv(const char *path, char *const argv[])
{
	return run(path, argv, environ);
}

HOOK int execvp(const char *file, char *const argv[])
{
	return run_searched(file, argv, environ);
}

HOOK int execvpe(const char *file, char *const argv[], char *const envp[])
{
	return run_searched(file, argv, envp);
}

HOOK int execveat(int dirfd, const char *path, char *const argv[], char *const envp[], int flags)
{
	if (flags & AT_EXECVE_CHECK) /* a question, not an exec */
		return sys_execveat(dirfd, path, argv, envp, flags);
	return exec_door(&(struct exec_request){
		.dirfd = dirfd, .file = path, .flags = flags, .argv = argv, .envp = envp });
}

HOOK int fexecve(int fd, char *const argv[], char *const envp[])
{
	/* fexecve(3) refuses null; its declaration has the compiler believe there is none. */
	char *const *volatile words[] = { argv, envp };

	if (fd < 0 || !words[0] || !words[1]) {
		errno = EINVAL;
		return -1;
	}
	return execveat(fd, "", argv, envp, AT_EMPTY_PATH);
}

/* How many words an execl's list has, its null included. */
static size_t count(const char *first, va_list ap)
{
	size_t n = 1;

	for (; first; first = va_arg(ap, char *))
		n++;
	return n;
}

/* The list as an array, on the stack of the function that was called: as libc, no heap. */
#define COLLECT(argv, first)                                                                       \
	va_list ap_;                                                                               \
	va_start(ap_, first);                                                                      \
	size_t n_ = count(first, ap_);                                                             \
	va_end(ap_);                                                                               \
	char *argv[n_];                                                                            \
	va_start(ap_, first);                                                                      \
	argv[0] = (char *)first;                                                                   \
	for (size_t i_ = 1; i_ < n_; i_++)                                                         \
	argv[i_] = va_arg(ap_, char *)

HOOK int execl(const char *path, const char *arg, ...)
{
	COLLECT(argv, arg);
	va_end(ap_);
	return run(path, argv, environ);
}

HOOK int execlp(const char *file, const char *arg, ...)
{
	COLLECT(argv, arg);
	va_end(ap_);
	return run_searched(file, argv, environ);
}

HOOK int execle(const char *path, const char *arg, ...)
{
	char **envp;

	COLLECT(argv, arg);
	envp = va_arg(ap_, char **);
	va_end(ap_);
	return run(path, argv, envp);
}

/* What the six of them share. */
#define SPAWN_PARAMETERS                                                                           \
	const char *file, const posix_spawn_file_actions_t *actions,                               \
		const posix_spawnattr_t *attr, char *const *argv, char *const *envp
#define SPAWN(...)                                                                                 \
	spawn_door(&(struct spawn_request){ .file = file,                                          \
					    .actions = actions,                                    \
					    .attr = attr,                                          \
					    .argv = argv,                                          \
					    .envp = envp,                                          \
					    __VA_ARGS__ })

#ifndef VERSION_SHELL /* this libc has had one version only */
#define new_posix_spawn	 posix_spawn
#define new_posix_spawnp posix_spawnp
#endif

HOOK int new_posix_spawn(pid_t *pid, SPAWN_PARAMETERS)
{
	return SPAWN(.pid = pid);
}

HOOK int new_posix_spawnp(pid_t *pid, SPAWN_PARAMETERS)
{
	return SPAWN(.pid = pid, .search = true);
}

#ifdef VERSION_SHELL
/* As programs linked before glibc 2.15 know them: a script without #! is run by the shell. */
HOOK int old_posix_spawn(pid_t *pid, SPAWN_PARAMETERS)
{
	return SPAWN(.pid = pid, .shell = true);
}

HOOK int old_posix_spawnp(pid_t *pid, SPAWN_PARAMETERS)
{
	return SPAWN(.pid = pid, .search = true, .shell = true);
}

__asm__(".symver new_posix_spawn, posix_spawn@@" VERSION_TEXT(
	VERSION_SPAWN) "\n"
		       ".symver new_posix_spawnp, posix_spawnp@@" VERSION_TEXT(
			       VERSION_SPAWN) "\n"
					      ".symver old_posix_spawn, posix_spawn@" VERSION_TEXT(
						      VERSION_SHELL) "\n"
								     ".symver old_posix_spawnp, "
								     "posix_spawnp@" VERSION_TEXT(
									     VERSION_SHELL));
#endif

/* glibc 2.39; where libc has none these work all the same. */
HOOK int pidfd_spawn(int *pidfd, SPAWN_PARAMETERS)
{
	return SPAWN(.pidfd = pidfd);
}

HOOK int pidfd_spawnp(int *pidfd, SPAWN_PARAMETERS)
{
	return SPAWN(.pidfd = pidfd, .search = true);
}

HOOK pid_t fork(void)
{
	next_resolve_fork();
	return fork_door(next.fork);
}

/* The same to libc; it is in no header. */
HOOK pid_t __fork(void) __attribute__((alias("fork"), nothrow));

/* Without the handlers of pthread_atfork(3); glibc 2.34. */
HOOK pid_t _Fork(void)
{
	next_resolve_bare_fork();
	if (next.bare_fork)
		return fork_door(next.bare_fork);
	errno = ENOSYS;
	return -1;
}

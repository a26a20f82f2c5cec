#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/next.h"
#include "shim/sys.h"
#include "shim/target.h"

#define SHELL "/bin/sh"

static void call(const struct target *t, char *const *envp)
{
	if (t->dirfd != AT_FDCWD || t->flags)
		(next.execveat ? next.execveat : sys_execveat)(t->dirfd, t->path, t->argv, envp,
							       t->flags);
	else
		(next.execve ? next.execve : sys_execve)(t->path, t->argv, envp);
}

size_t target_count(char *const *argv)
{
	size_t n = 0;

	while (!sys_no_address(argv) && argv[n])
		n++;
	return n;
}

size_t target_room(const struct target *t)
{
	return t->shell ? (target_count(t->argv) + 3) * sizeof(char *) : 0;
}

/* The kernel knows no format of it: a script without #!, for those functions that say so. */
static void call_shell(const struct target *t, char *const *envp)
{
	size_t n = target_count(t->argv);
	char *argv[n + 3];

	argv[0] = (char *)SHELL;
	argv[1] = (char *)t->path;
	argv[n > 1 ? n + 1 : 2] = NULL;
	if (n > 1)
		memcpy(argv + 2, t->argv + 1, (n - 1) * sizeof *argv);
	(next.execve ? next.execve : sys_execve)(SHELL, argv, envp);
}

int target_execute(const struct target *t, char *const *envp)
{
	call(t, envp);
	if (errno == ENOEXEC && t->shell)
		call_shell(t, envp);
	return errno;
}

int target_check(const struct target *t, bool whole)
{
	int flags = t->flags & (AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW);

	if (whole) {
		if (!sys_execveat(t->dirfd, t->path, t->argv, t->envp, t->flags | AT_EXECVE_CHECK))
			return 0;
		/* Older kernels; filters. */
		if (errno != EINVAL && errno != ENOSYS && errno != EPERM)
			return errno;
	}
	return sys_may_execute(t->dirfd, t->path, flags) ? errno : 0;
}

bool target_has_power(const struct target *t)
{
	struct stat st;
	ssize_t caps;

	if (fstatat(t->dirfd, t->path, &st, t->flags & AT_EMPTY_PATH))
		return false;
	caps = t->path[0] ? syscall(SYS_getxattr, t->path, "security.capability", NULL, 0)
			  : syscall(SYS_fgetxattr, t->dirfd, "security.capability", NULL, 0);
	return st.st_mode & (S_ISUID | S_ISGID) || caps > 0;
}

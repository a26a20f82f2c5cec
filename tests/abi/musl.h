/* For the test programs, where they are built for musl: what it has not, and they use. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <spawn.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/versions.h"

#undef VERSION_SHELL /* one version of each */

#define __fork fork

static inline const char *strerrorname_np(int err)
{
#define NAME(err) [err] = #err
	static const char *const names[] = {
		NAME(EPERM),   NAME(ENOENT),	   NAME(ESRCH),	     NAME(EINTR),
		NAME(E2BIG),   NAME(EBADF),	   NAME(ENOEXEC),    NAME(EAGAIN),
		NAME(ECHILD),  NAME(ENOMEM),	   NAME(EACCES),     NAME(EFAULT),
		NAME(EEXIST),  NAME(EINVAL),	   NAME(ENOTDIR),    NAME(EMFILE),
		NAME(ETXTBSY), NAME(ENOSPC),	   NAME(ENOSYS),     NAME(ELOOP),
		NAME(EROFS),   NAME(ENAMETOOLONG), NAME(EOPNOTSUPP), NAME(EOVERFLOW),
		NAME(EPROTO),  NAME(ETIMEDOUT),	   NAME(ENODEV),     NAME(EISDIR),
	};
#undef NAME

	return (size_t)err < sizeof names / sizeof *names && names[err] ? names[err] : "errno ?";
}

static inline int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *to, int fd)
{
	return to && fd >= 0 ? ENOSYS : EBADF;
}

static inline int posix_spawn_file_actions_addtcsetpgrp_np(posix_spawn_file_actions_t *to, int fd)
{
	return to && fd >= 0 ? ENOSYS : EBADF;
}

static inline int execveat(int dirfd, const char *path, char *const argv[], char *const envp[],
			   int flags)
{
	return (int)syscall(SYS_execveat, dirfd, path, argv, envp, flags);
}

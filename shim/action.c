#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/action.h"
#include "shim/descriptors.h"
#include "shim/sys.h"

/*
 * Raw calls throughout, as libc's own are from inside it: its open() and close() are cancellation
 * points, and other preloaded libraries replace them.
 */
static int result(long rc)
{
	return rc < 0 ? errno : 0;
}

/* A descriptor that is not open is no error; one that can never be is. */
static int do_close(int fd)
{
	uint64_t limit[2]; /* struct rlimit64: soft, hard */
	int err;

	if (!sys_close(fd))
		return 0;
	err = errno;
	if (syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, limit))
		return 0;
	return fd < 0 || (uint64_t)fd >= limit[0] ? err : 0;
}

/* Onto itself, dup3 is an error and dup2, which some machines lack, leaves FD_CLOEXEC. */
static int do_dup(int fd, int to)
{
	long flags;

	if (fd != to)
		return result(syscall(SYS_dup3, fd, to, 0));
	flags = syscall(SYS_fcntl, fd, F_GETFD);
	if (flags < 0)
		return errno;
	return result(syscall(SYS_fcntl, fd, F_SETFD, flags & ~FD_CLOEXEC));
}

/* Closed first, as POSIX has it: there may be no other descriptor to be had. */
static int do_open(int fd, const char *path, int flags, mode_t mode)
{
	long got;
	int err;

	sys_close(fd);
	got = syscall(SYS_openat, AT_FDCWD, path, flags | O_LARGEFILE, mode);
	if (got < 0)
		return errno;
	if (got == fd)
		return 0;
	err = do_dup((int)got, fd);
	return err ? err : result(sys_close((int)got));
}

static int do_tcsetpgrp(int fd, pid_t pgroup)
{
	if (!pgroup)
		pgroup = (pid_t)syscall(SYS_getpgid, 0);
	return result(syscall(SYS_ioctl, fd, TIOCSPGRP, &pgroup));
}

int action_run(const struct action *x, pid_t pgroup)
{
	switch (x->tag) {
	case ACTION_CLOSE:
		return do_close(x->is.fd);
	case ACTION_DUP:
		return do_dup(x->is.dup.fd, x->is.dup.to);
	case ACTION_OPEN:
		return do_open(x->is.open.fd, x->is.open.path, x->is.open.flags, x->is.open.mode);
	case ACTION_CHDIR:
		return result(syscall(SYS_chdir, x->is.path));
	case ACTION_FCHDIR:
		return result(syscall(SYS_fchdir, x->is.fd));
	case ACTION_CLOSEFROM:
		return descriptors_close(x->is.fd, -1);
	case ACTION_TCSETPGRP:
		return do_tcsetpgrp(x->is.fd, pgroup);
	default:
		return ENOSYS;
	}
}

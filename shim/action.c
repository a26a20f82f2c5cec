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
#include "shim/sys.h"

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

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

/* The descriptor that a name in /proc/self/fd stands for; -1 for "." and "..". */
static int fd_of(const char *name)
{
	int n = 0;

	if (*name == '.')
		return -1;
	while (*name)
		n = n * 10 + (*name++ - '0');
	return n;
}

struct entry { /* getdents64(2) */
	uint64_t ino;
	int64_t off;
	uint16_t len;
	unsigned char type;
	char name[];
};

/* The kernel lists by number, and goes on after the last number read: closing meanwhile is safe. */
static int close_listed(int from, int but)
{
	union {
		struct entry align;
		char bytes[1024];
	} buf;
	int dir = sys_open("/proc/self/fd", O_RDONLY | O_DIRECTORY);
	long n;
	int err;

	if (dir < 0)
		return errno;
	while ((n = syscall(SYS_getdents64, dir, &buf, sizeof buf)) > 0) {
		const struct entry *e;

		for (long at = 0; at < n; at += e->len) {
			int fd;

			e = (const struct entry *)(buf.bytes + at);
			fd = fd_of(e->name);
			if (fd >= from && fd != dir && fd != but)
				sys_close(fd);
		}
	}
	err = result(n);
	sys_close(dir);
	return err;
}

/* Before Linux 5.9, and under a filter that does not know close_range, there is the list. */
int action_close_from(int from, int but)
{
	if (but > from && syscall(SYS_close_range, from, but - 1, 0))
		return close_listed(from, but);
	if (but >= from)
		from = but + 1;
	return syscall(SYS_close_range, from, UINT_MAX, 0) ? close_listed(from, but) : 0;
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
		return action_close_from(x->is.fd, -1);
	case ACTION_TCSETPGRP:
		return do_tcsetpgrp(x->is.fd, pgroup);
	default:
		return ENOSYS;
	}
}

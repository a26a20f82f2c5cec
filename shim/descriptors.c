#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/descriptors.h"
#include "shim/sys.h"

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

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

struct range {
	unsigned from, to;
	int but;
	bool mark; /* not closed, but close-on-exec */
};

static void take(const struct range *r, int fd)
{
	if (fd < 0 || (unsigned)fd < r->from || (unsigned)fd > r->to || fd == r->but)
		return;
	if (r->mark)
		syscall(SYS_fcntl, fd, F_SETFD, FD_CLOEXEC);
	else
		sys_close(fd);
}

/*
 * The kernel lists by number, and goes on after the last number read: closing meanwhile is safe. To
 * count up to a limit instead would take minutes where there is none (fs.nr_open may be a billion),
 * and miss what was opened before it was lowered.
 */
static int each_listed(int dir, const struct range *r)
{
	union {
		struct entry align;
		char bytes[1024];
	} buf;
	long n;

	while ((n = syscall(SYS_getdents64, dir, &buf, sizeof buf)) > 0) {
		const struct entry *e;

		for (long at = 0; at < n; at += e->len) {
			int fd;

			e = (const struct entry *)(buf.bytes + at);
			fd = fd_of(e->name);
			if (fd != dir)
				take(r, fd);
		}
	}
	return n < 0 ? errno : 0;
}

static int close_listed(unsigned from, int but)
{
	int dir = sys_open("/proc/self/fd", O_RDONLY | O_DIRECTORY), err;

	if (dir < 0)
		return errno;
	err = each_listed(dir, &(struct range){ from, UINT_MAX, but, false });
	sys_close(dir);
	return err;
}

/* Before Linux 5.9, and under a filter that does not know close_range, there is the list. */
int descriptors_close(unsigned from, int but)
{
	unsigned spared = (unsigned)but;

	if (but >= 0 && spared > from && syscall(SYS_close_range, from, spared - 1, 0))
		return close_listed(from, but);
	if (but >= 0 && spared >= from)
		from = spared + 1;
	return syscall(SYS_close_range, from, UINT_MAX, 0) ? close_listed(from, but) : 0;
}

/* The flag is of Linux 5.11. */
int descriptors_mark(unsigned from, unsigned to)
{
	enum { CLOEXEC = 4 /* CLOSE_RANGE_CLOEXEC */ };

	return syscall(SYS_close_range, from, to, CLOEXEC) ? errno : 0;
}

int descriptors_mark_listed(int dir, unsigned from, unsigned to)
{
	return each_listed(dir, &(struct range){ from, to, -1, true });
}

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "conf/file.h"
#include "conf/text.h"

static int refuse(const char *op, const char *path, const char *why, struct fault *f)
{
	fault_set(f, op, NS_KINDS, path, 0);
	fault_why(f, why);
	return -1;
}

int file_trust(const struct stat *st, const char *path, file_trusts *trusts, struct fault *f)
{
	bool owner = !trusts || !st->st_uid || trusts(st->st_uid);
	bool mode = !(st->st_mode & (S_IWGRP | S_IWOTH));
	char why[200];
	struct text t = text_in(why, sizeof why);

	if (!trusts || (owner && mode))
		return 0;
	if (!owner) {
		text_str(&t, "uid ");
		text_num(&t, st->st_uid);
		text_str(&t, " owns it, and root would act on it: chown root");
	}
	if (!mode) {
		text_str(&t, owner ? "" : "; ");
		text_str(&t, st->st_mode & S_IWOTH ? "others" : "its group");
		text_str(&t, " may write it, and root would act on it: chmod go-w");
	}
	fault_set(f, "trust", NS_KINDS, path, EPERM);
	fault_why(f, why);
	return -1;
}

/*
 * syscall(): libc's own open, read and close are cancellation points, which the functions that
 * lead here (execve, posix_spawn) are not, and other preloaded libraries replace them.
 */
int file_open(const char *path, file_trusts *trusts, struct stat *st, struct fault *f)
{
	int fd = (int)syscall(SYS_openat, AT_FDCWD, path,
			      O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0);
	int r = -1;

	if (fd < 0)
		return fault_set(f, "open", NS_KINDS, path, errno);
	if (fstat(fd, st))
		fault_set(f, "fstat", NS_KINDS, path, errno);
	else if (!S_ISREG(st->st_mode))
		refuse("open", path, "no regular file", f);
	else if (st->st_size > FILE_MOST)
		refuse("open", path, "larger than 64 MiB", f);
	else
		r = file_trust(st, path, trusts, f);
	if (r) {
		syscall(SYS_close, fd);
		return -1;
	}
	return fd;
}

/* FNV-1a over what changes with a write, a rename over it, a chmod or a chown. */
unsigned long long file_stamp(const struct stat *st)
{
	const unsigned long long from[] = {
		st->st_dev,
		st->st_ino,
		(unsigned long long)st->st_size,
		(unsigned long long)st->st_mtim.tv_sec,
		(unsigned long long)st->st_mtim.tv_nsec,
		(unsigned long long)st->st_ctim.tv_sec,
		(unsigned long long)st->st_ctim.tv_nsec,
	};
	unsigned long long stamp = 0xcbf29ce484222325;

	for (size_t i = 0; i < sizeof from / sizeof *from; i++)
		for (int bits = 0; bits < 64; bits += 8)
			stamp = (stamp ^ (from[i] >> bits & 0xff)) * 0x100000001b3;
	return stamp >> 1 | 1; /* fits a signed number */
}

/* One read(2) does: it asks for a byte too many, and a regular file gives all it has. */
int file_read(int fd, const char *path, char *buf, size_t size, struct fault *f)
{
	size_t got = 0;
	long n;

	do {
		n = syscall(SYS_read, fd, buf + got, size + 1 - got);
		if (n > 0)
			got += (size_t)n;
	} while ((n > 0 && got < size) || (n < 0 && errno == EINTR));
	if (n < 0)
		fault_set(f, "read", NS_KINDS, path, errno);
	syscall(SYS_close, fd);
	if (n < 0)
		return -1;
	if (got != size)
		return refuse("read", path,
			      "it changed while it was read: put a new one in place by rename", f);
	return 0;
}

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

int file_trust(const struct stat *st, const char *path, uid_t trusted_uid, struct fault *f)
{
	bool owner = !st->st_uid || st->st_uid == trusted_uid;
	bool mode = !(st->st_mode & (S_IWGRP | S_IWOTH));
	char why[200];
	struct text t = text_in(why, sizeof why);

	if (trusted_uid == (uid_t)-1 || (owner && mode))
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
int file_open(const char *path, uid_t trusted_uid, size_t *size, struct fault *f)
{
	int fd = (int)syscall(SYS_openat, AT_FDCWD, path,
			      O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0);
	struct stat st;
	int r = -1;

	if (fd < 0)
		return fault_set(f, "open", NS_KINDS, path, errno);
	if (fstat(fd, &st))
		fault_set(f, "fstat", NS_KINDS, path, errno);
	else if (!S_ISREG(st.st_mode))
		refuse("open", path, "no regular file", f);
	else if (st.st_size > FILE_MOST)
		refuse("open", path, "larger than 64 MiB", f);
	else
		r = file_trust(&st, path, trusted_uid, f);
	if (r) {
		syscall(SYS_close, fd);
		return -1;
	}
	*size = (size_t)st.st_size;
	return fd;
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

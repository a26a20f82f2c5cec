#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/inner/deed.h"
#include "shim/inner/mount.h"
#include "shim/sys.h"

static int write_text(int dir, const char *name, const char *text, const char *path,
		      struct fault *f)
{
	size_t len = strlen(text);
	int fd = files_make(dir, name, S_IFREG | 0644)
			 ? -1
			 : sys_openat(dir, name, O_WRONLY | O_TRUNC | O_NOFOLLOW);
	ssize_t n = 1;
	int err = errno;

	while (fd >= 0 && len && (n = syscall(SYS_write, fd, text, len)) > 0) {
		text += n;
		len -= (size_t)n;
	}
	if (fd >= 0)
		err = errno;
	if (fd >= 0)
		sys_close(fd);
	return fd >= 0 && !len ? 0 : fault_set(f, "write", NS_MNT, path, err);
}

/*
 * Never written to a file that is there, which could be one of the host's: another is put on it.
 * Where there is none in a file system of the rule's, it is one there like any other.
 */
int deed_file(struct entry *e, const struct item *it, struct fault *f)
{
	struct files *s = &e->files;
	const char *path = it->word[0], *last;
	char name[12];
	int to, dir, rc, copy;

	if (files_begin(s, f))
		return -1;
	to = mount_find(s->base, path, 0);
	if (to < 0 && errno == ENOENT) {
		dir = files_parent(s, path, &last, f);
		if (dir < 0)
			return -1;
		rc = files_may_make(s, dir) ? write_text(dir, last, it->word[1], path, f)
					    : files_missing(s, path, false, ENOENT, f);
		sys_close(dir);
		return rc;
	}
	if (to < 0) {
		fault_set(f, "open", NS_MNT, path, errno);
		return mount_why(f);
	}
	copy = files_stash(s, f) || write_text(s->stash, files_name(s, name), it->word[1], path, f)
		       ? -1
		       : files_copy(s, name, 0, f);
	if (copy >= 0)
		return files_put(copy, to, path, f);
	sys_close(to);
	return -1;
}

int deed_dir(struct entry *e, const struct item *it, struct fault *f)
{
	struct files *s = &e->files;
	const char *name;
	int dir, fd, err;
	bool ours;

	if (files_begin(s, f))
		return -1;
	fd = mount_find(s->base, it->word[0], O_DIRECTORY);
	if (fd < 0 && errno == ENOENT) {
		dir = files_parent(s, it->word[0], &name, f);
		if (dir < 0)
			return -1;
		ours = files_may_make(s, dir);
		errno = ENOENT;
		if (ours && !files_make(dir, name, S_IFDIR | (unsigned)it->number[0]))
			fd = mount_find(s->base, it->word[0], O_DIRECTORY);
		err = errno;
		sys_close(dir);
		if (fd < 0)
			return files_missing(s, it->word[0], ours, err, f);
	}
	if (fd < 0) {
		fault_set(f, "open", NS_MNT, it->word[0], errno);
		return mount_why(f);
	}
	sys_close(fd);
	return 0;
}

/* Is it the link already? */
static bool is_link(int dir, const char *name, const char *target)
{
	char buf[256];
	long n = syscall(SYS_readlinkat, dir, name, buf, sizeof buf);

	return n >= 0 && (size_t)n < sizeof buf && (size_t)n == strlen(target) &&
	       !memcmp(buf, target, (size_t)n);
}

int deed_symlink(struct entry *e, const struct item *it, struct fault *f)
{
	struct files *s = &e->files;
	const char *name;
	int dir = files_parent(s, it->word[MOUNT_TO], &name, f);
	int err = 0;
	bool ours;

	if (dir < 0)
		return -1;
	ours = files_may_make(s, dir);
	if (!ours)
		err = is_link(dir, name, it->word[MOUNT_SRC]) ? 0 : ENOENT;
	else if (syscall(SYS_symlinkat, it->word[MOUNT_SRC], dir, name))
		err = errno;
	if (err == EEXIST && is_link(dir, name, it->word[MOUNT_SRC]))
		err = 0;
	sys_close(dir);
	if (!err)
		return 0;
	if (!ours)
		return files_missing(s, it->word[MOUNT_TO], ours, err, f);
	return fault_set(f, "symlink", NS_MNT, it->word[MOUNT_TO], err);
}

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/inner/files.h"
#include "shim/inner/mount.h"
#include "shim/scratch.h"
#include "shim/sys.h"

bool files_may_make(const struct files *s, int dir)
{
	uint64_t mount = mount_number(dir);
	struct stat st;

	if (fstat(dir, &st))
		return false;
	for (unsigned i = 0; i < s->systems; i++)
		if (s->system[i].dev == st.st_dev && s->system[i].mount == mount)
			return true;
	return false;
}

static int make(int dir, const char *name, unsigned mode)
{
	return (int)(S_ISDIR(mode) ? syscall(SYS_mkdirat, dir, name, mode & 07777)
				   : syscall(SYS_mknodat, dir, name, mode, 0));
}

int files_make(int dir, const char *name, unsigned mode)
{
	int rc = make(dir, name, mode);

	return rc && errno == EEXIST ? 0 : rc;
}

int files_missing(const struct files *s, const char *path, bool ours, int err, struct fault *f)
{
	fault_set(f, "open", NS_MNT, path, err);
	if (err == ENOENT && !ours)
		fault_why(f, s->systems
				     ? "it is not there, and is made only in what the rule "
				       "mounts of its own: a tmpfs, an overlay, its root"
				     : "it is not there, and to make it would show outside: make "
				       "it there, or have a tmpfs or overlay-tmp above it");
	else if (err == ENOENT)
		fault_why(f, "a link there leads nowhere inside");
	else if (err == EROFS || err == EACCES || err == EPERM)
		fault_why(f, "it is not there, and cannot be made");
	return mount_why(f);
}

static unsigned mode_like(int like)
{
	struct stat st;

	if (like == FILES_FOLDER || (!fstat(like, &st) && S_ISDIR(st.st_mode)))
		return S_IFDIR | 0755;
	return S_IFREG | 0644;
}

/*
 * From the root on, each part by the whole name so far: an absolute link, or `..`, in a part means
 * what it means inside.
 */
static int make_all(struct files *s, const char *path, size_t len, int like, struct fault *f)
{
	char *buf = scratch_path(SCRATCH_FILES);
	int dir = s->base;
	size_t end = 0;

	if (!buf)
		return fault_set(f, "mmap", NS_MNT, NULL, ENOMEM);
	text_copy(buf, len + 1, path);
	do {
		size_t from = end + strspn(path + end, "/");
		int next, err;
		bool ours = true;

		end = from + strcspn(path + from, "/");
		end = end < len ? end : len;
		buf[end] = '\0';
		next = mount_find(s->base, buf, end < len ? O_DIRECTORY : 0);
		if (next < 0 && errno == ENOENT) {
			ours = files_may_make(s, dir);
			errno = ENOENT;
			if (ours && !files_make(dir, buf + from,
						end < len ? S_IFDIR | 0755 : mode_like(like)))
				next = mount_find(s->base, buf, 0);
		}
		err = errno;
		if (dir != s->base)
			sys_close(dir);
		if (next < 0)
			return files_missing(s, path, ours, err, f);
		buf[end] = '/';
		dir = next;
	} while (end < len);
	return dir;
}

/* Of most only the last part is missing; -1: it has to be looked at closely. */
static int make_last(struct files *s, const char *path, int like)
{
	const char *slash = strrchr(path, '/');
	char *buf = slash == path ? NULL : scratch_path(SCRATCH_FILES);
	unsigned mode = mode_like(like);
	int dir = s->base, fd = -1;

	if (buf) {
		text_copy(buf, (size_t)(slash - path) + 1, path);
		dir = mount_find(s->base, buf, O_DIRECTORY);
	}
	if (dir < 0 || (slash != path && !buf))
		return -1;
	/* Not what is there by now, were it a link. */
	if (files_may_make(s, dir) && !make(dir, slash + 1, mode))
		fd = sys_openat(dir, slash + 1, O_PATH | O_NOFOLLOW);
	if (dir != s->base)
		sys_close(dir);
	return fd;
}

int files_open(struct files *s, const char *path, int like, struct fault *f)
{
	int fd;

	if (files_begin(s, f))
		return -1;
	fd = mount_find(s->base, path, 0);
	if (fd >= 0)
		return fd;
	if (errno == ENOENT && like != FILES_REFUSED) {
		fd = make_last(s, path, like);
		return fd >= 0 ? fd : make_all(s, path, strlen(path), like, f);
	}
	fault_set(f, "open", NS_MNT, path, errno);
	return mount_why(f);
}

int files_parent(struct files *s, const char *path, const char **name, struct fault *f)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash == path ? 1 : (size_t)(slash - path);
	char *buf = scratch_path(SCRATCH_FILES);
	int dir;

	*name = slash + 1;
	if (files_begin(s, f))
		return -1;
	if (!buf)
		return fault_set(f, "mmap", NS_MNT, NULL, ENOMEM);
	text_copy(buf, len + 1, path);
	dir = mount_find(s->base, buf, O_DIRECTORY);
	if (dir >= 0)
		return dir;
	if (errno == ENOENT)
		return make_all(s, path, len, FILES_FOLDER, f);
	fault_set(f, "open", NS_MNT, path, errno);
	return mount_why(f);
}

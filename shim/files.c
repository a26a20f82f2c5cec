#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/files.h"
#include "shim/mount.h"
#include "shim/scratch.h"
#include "shim/sys.h"

void files_none(struct files *s)
{
	s->base = s->scaffold = s->stash = s->here = -1;
	s->systems = s->names = s->shifts = 0;
	memset(s->shifted, -1, sizeof s->shifted);
	s->root = NULL;
}

void files_close(struct files *s)
{
	int fd[] = { s->base, s->scaffold, s->stash, s->here };

	for (unsigned i = 0; i < sizeof fd / sizeof *fd; i++)
		if (fd[i] >= 0)
			sys_close(fd[i]);
	for (unsigned i = 0; i < MOUNT_SHIFTS; i++)
		if (s->shifted[i] >= 0)
			sys_close(s->shifted[i]);
	files_none(s);
}

int files_begin(struct files *s, struct fault *f)
{
	if (s->base >= 0)
		return 0;
	s->base = sys_open("/", O_PATH | O_DIRECTORY);
	return s->base < 0 ? fault_set(f, "open", NS_MNT, "/", errno) : 0;
}

int files_tmpfs(const char *size, unsigned mode, struct fault *f)
{
	char octal[] = "0000";
	int fs = mount_open("tmpfs");
	int fd = -1;

	for (int i = 3; i >= 0; i--, mode >>= 3)
		octal[i] = (char)('0' + (mode & 7));
	if (fs < 0) {
		fault_set(f, "fsopen", NS_MNT, "tmpfs", errno);
		return mount_why(f);
	}
	if (mount_option(fs, "mode", octal) || (size && mount_option(fs, "size", size))) {
		fault_set(f, "fsconfig", NS_MNT, "tmpfs", errno);
		sys_close(fs);
		return -1;
	}
	fd = mount_make(fs, MOUNT_BIT_NOSUID | MOUNT_BIT_NODEV);
	if (fd >= 0)
		return fd;
	fault_set(f, "fsmount", NS_MNT, "tmpfs", errno);
	return mount_why(f);
}

void files_note(struct files *s, int fd)
{
	struct stat st;

	if (s->systems < MOUNT_SYSTEMS && !fstat(fd, &st))
		s->system[s->systems++] = st.st_dev;
}

bool files_may_make(const struct files *s, int dir)
{
	struct stat st;

	if (fstat(dir, &st))
		return false;
	for (unsigned i = 0; i < s->systems; i++)
		if (s->system[i] == st.st_dev)
			return true;
	return false;
}

int files_scaffold(struct files *s, struct fault *f)
{
	if (s->scaffold >= 0)
		return 0;
	s->scaffold = files_tmpfs(NULL, 0700, f);
	if (s->scaffold < 0)
		return -1;
	/* On top of the root: this process's own root stays beneath it, and so do all paths. */
	if (mount_move(s->scaffold, AT_FDCWD, "/"))
		fault_set(f, "move_mount", NS_MNT, "/", errno);
	else if (mount_propagate(s->scaffold, MS_UNBINDABLE))
		fault_set(f, "mount_setattr", NS_MNT, "/", errno);
	else
		return 0;
	return mount_why(f);
}

int files_stash(struct files *s, struct fault *f)
{
	if (s->stash >= 0)
		return 0;
	if (files_scaffold(s, f))
		return -1;
	if (files_make(s->scaffold, "stash", S_IFDIR | 0700))
		return fault_set(f, "mkdir", NS_MNT, "stash", errno);
	s->stash = files_tmpfs(NULL, 0755, f);
	if (s->stash < 0)
		return -1;
	if (!mount_move(s->stash, s->scaffold, "stash"))
		return 0;
	fault_set(f, "move_mount", NS_MNT, "stash", errno);
	return mount_why(f);
}

const char *files_name(struct files *s, char name[12])
{
	struct text t = text_in(name, 12);

	text_num(&t, ++s->names);
	return name;
}

int files_make(int dir, const char *name, unsigned mode)
{
	long rc = S_ISDIR(mode) ? syscall(SYS_mkdirat, dir, name, mode & 07777)
				: syscall(SYS_mknodat, dir, name, mode, 0);

	return rc && errno == EEXIST ? 0 : (int)rc;
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
	char *buf = scratch_path(SCRATCH_TARGET);
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

int files_open(struct files *s, const char *path, int like, struct fault *f)
{
	int fd;

	if (files_begin(s, f))
		return -1;
	fd = mount_find(s->base, path, 0);
	if (fd >= 0)
		return fd;
	if (errno == ENOENT && like != FILES_REFUSED)
		return make_all(s, path, strlen(path), like, f);
	fault_set(f, "open", NS_MNT, path, errno);
	return mount_why(f);
}

int files_parent(struct files *s, const char *path, const char **name, struct fault *f)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash == path ? 1 : (size_t)(slash - path);
	char *buf = scratch_path(SCRATCH_TARGET);
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

int files_put(int copy, int to, const char *path, struct fault *f)
{
	int err = to < 0 ? f->err : 0;

	if (to >= 0 && mount_move(copy, to, "")) {
		err = errno;
		fault_set(f, "move_mount", NS_MNT, path, err);
		if (err == ENOTDIR || err == EINVAL)
			fault_why(f, "of the two one is a folder and one is not");
		mount_why(f);
	}
	sys_close(copy);
	if (to >= 0)
		sys_close(to);
	return err ? -1 : 0;
}

int files_copy(struct files *s, const char *name, uint64_t bits, struct fault *f)
{
	int copy = mount_copy(s->stash, name, false);

	if (copy < 0) {
		fault_set(f, "open_tree", NS_MNT, name, errno);
	} else if (bits && mount_set(copy, bits, 0, false)) {
		fault_set(f, "mount_setattr", NS_MNT, name, errno);
		sys_close(copy);
	} else {
		return copy;
	}
	return mount_why(f);
}

int files_copy_source(const struct files *s, const char *path, bool whole)
{
	size_t len = s->root ? strlen(s->root) : 0;
	int root, file, fd, err;

	if (len < 2 || strncmp(path, s->root, len) != 0 || path[len] != '/')
		return mount_copy(AT_FDCWD, path, whole);
	root = sys_open(s->root, O_PATH | O_DIRECTORY);
	if (root < 0)
		return -1;
	file = mount_find(root, path + len, 0);
	fd = file < 0 ? -1 : mount_copy(file, "", whole);
	err = errno;
	sys_close(root);
	if (file >= 0)
		sys_close(file);
	errno = err;
	return fd;
}

int files_shifted(struct files *s)
{
	int fd = s->shifted[s->shifts];

	s->shifted[s->shifts++] = -1;
	errno = ENOENT;
	return fd;
}

/* By the working directory, which is taken again by its name in any case. */
int files_end(struct files *s, struct fault *f)
{
	if (s->scaffold < 0)
		return 0;
	if (fchdir(s->scaffold) || syscall(SYS_umount2, ".", MNT_DETACH))
		return fault_set(f, "umount", NS_MNT, "/", errno);
	return 0;
}

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
#include "shim/inner/files.h"
#include "shim/inner/mount.h"
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
		s->system[s->systems++] = (struct files_system){ st.st_dev, mount_number(fd) };
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

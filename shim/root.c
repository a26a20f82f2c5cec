#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/deed.h"
#include "shim/mount.h"
#include "shim/step.h"
#include "shim/sys.h"

/*
 * A copy of the folder with all that is mounted there, or a tmpfs, on the scaffold: what is done
 * beneath it is then beneath a mount, and all paths of the host's mean what they meant.
 */
int deed_root(struct entry *e, const struct item *it, struct fault *f)
{
	struct files *s = &e->files;
	const char *dir = it->word[MOUNT_SRC];
	int fd;

	if (files_scaffold(s, f))
		return -1;
	if (files_make(s->scaffold, "root", S_IFDIR | 0700))
		return fault_set(f, "mkdir", NS_MNT, "root", errno);
	fd = dir ? mount_copy(AT_FDCWD, dir, true)
		 : files_tmpfs(it->word[MOUNT_TO], (unsigned)it->number[0], f);
	if (fd < 0 && !dir)
		return -1;
	if (fd < 0) {
		fault_set(f, "open_tree", NS_MNT, dir, errno);
		if (f->err == ENOENT || f->err == ENOTDIR)
			fault_why(f, "the new root is a folder that is there");
		return mount_why(f);
	}
	s->base = fd;
	s->root = dir;
	files_note(s, fd);
	if (!mount_move(fd, s->scaffold, "root"))
		return 0;
	fault_set(f, "move_mount", NS_MNT, dir, errno);
	if (f->err == ENOTDIR || f->err == EINVAL)
		fault_why(f, "the new root is a folder that is there");
	return mount_why(f);
}

/*
 * Where the root is that of an initramfs, or no mount, nothing can take its place. The new one is
 * then put on top of it, so that who joins the namespace comes there too.
 */
static int cover(int base, struct fault *f)
{
	if (mount_move(base, AT_FDCWD, "/"))
		return fault_set(f, "move_mount", NS_MNT, "/", errno);
	if (fchdir(base) || chroot("."))
		return fault_set(f, "chroot", NS_MNT, "/", errno);
	return 0;
}

/*
 * The old root comes to lie on top of the new one, and the scaffold on that; both are taken from
 * there, the uppermost first (pivot_root(2), NOTES).
 */
int step_root(struct entry *e, const struct step *s, struct fault *f)
{
	int base = e->files.base;

	(void)s;
	if (fchdir(base))
		return fault_set(f, "fchdir", NS_MNT, "/", errno);
	if (syscall(SYS_pivot_root, ".", "."))
		return errno == EINVAL || errno == ENOSYS
			       ? cover(base, f)
			       : fault_set(f, "pivot_root", NS_MNT, "/", errno);
	if (syscall(SYS_umount2, ".", MNT_DETACH) || syscall(SYS_umount2, ".", MNT_DETACH))
		return fault_set(f, "umount", NS_MNT, "/", errno);
	return chdir("/") ? fault_set(f, "chdir", NS_MNT, "/", errno) : 0;
}

int step_built(struct entry *e, const struct step *s, struct fault *f)
{
	(void)s;
	return files_end(&e->files, f);
}

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/inner/deed.h"
#include "shim/inner/mount.h"
#include "shim/step.h"
#include "shim/sys.h"

/* A new mount that is to be the root, which shows nowhere yet. */
static int new_root(const struct item *it, struct fault *f)
{
	const char *dir = it->word[MOUNT_SRC];
	int fd;

	if (!dir)
		return files_tmpfs(it->word[MOUNT_TO], (unsigned)it->number[0], f);
	fd = mount_copy(AT_FDCWD, dir, true);
	if (fd >= 0)
		return fd;
	fault_set(f, "open_tree", NS_MNT, dir, errno);
	if (f->err == ENOENT || f->err == ENOTDIR)
		fault_why(f, "the new root is a folder that is there");
	return mount_why(f);
}

/*
 * On top of the root, where no path of the host's leads; and unbindable, so that no copy of all of
 * the host's takes it along. What is a slave would no longer be one then, and lies on a scaffold.
 */
int deed_root(struct entry *e, const struct item *it, struct fault *f)
{
	bool slave = e->plan->rule->propagation == PROPAGATION_SLAVE;
	struct files *s = &e->files;
	int fd;

	if (slave && files_scaffold(s, f))
		return -1;
	if (slave && files_make(s->scaffold, "root", S_IFDIR | 0700))
		return fault_set(f, "mkdir", NS_MNT, "root", errno);
	fd = new_root(it, f);
	if (fd < 0)
		return -1;
	s->base = fd;
	s->root = it->word[MOUNT_SRC];
	files_note(s, fd);
	if (slave ? mount_move(fd, s->scaffold, "root") : mount_move(fd, AT_FDCWD, "/")) {
		fault_set(f, "move_mount", NS_MNT, s->root, errno);
		if (f->err == ENOTDIR || f->err == EINVAL)
			fault_why(f, "the new root is a folder that is there");
		return mount_why(f);
	}
	if (!slave && mount_propagate(fd, MS_UNBINDABLE)) {
		fault_set(f, "mount_setattr", NS_MNT, "/", errno);
		return mount_why(f);
	}
	return 0;
}

/*
 * Where the root is that of an initramfs, or no mount, nothing can take its place. The new one then
 * stays on top of it, so that who joins the namespace comes there too.
 */
static int cover(const struct entry *e, struct fault *f)
{
	int base = e->files.base;

	if (e->plan->rule->propagation == PROPAGATION_SLAVE && mount_move(base, AT_FDCWD, "/"))
		return fault_set(f, "move_mount", NS_MNT, "/", errno);
	if (fchdir(base) || chroot("."))
		return fault_set(f, "chroot", NS_MNT, "/", errno);
	return 0;
}

/*
 * The old root comes to lie on top of the new one, with a scaffold perhaps on that; both are taken
 * from there, the uppermost first (pivot_root(2), NOTES).
 */
int step_root(struct entry *e, const struct step *s, struct fault *f)
{
	bool slave = e->plan->rule->propagation == PROPAGATION_SLAVE;
	int base = e->files.base;

	(void)s;
	if (!slave && files_end(&e->files, f))
		return -1;
	if (!slave && mount_propagate(base, MS_PRIVATE))
		return fault_set(f, "mount_setattr", NS_MNT, "/", errno);
	if (fchdir(base))
		return fault_set(f, "fchdir", NS_MNT, "/", errno);
	if (syscall(SYS_pivot_root, ".", "."))
		return errno == EINVAL || errno == ENOSYS
			       ? cover(e, f)
			       : fault_set(f, "pivot_root", NS_MNT, "/", errno);
	if ((slave && syscall(SYS_umount2, ".", MNT_DETACH)) ||
	    syscall(SYS_umount2, ".", MNT_DETACH))
		return fault_set(f, "umount", NS_MNT, "/", errno);
	return chdir("/") ? fault_set(f, "chdir", NS_MNT, "/", errno) : 0;
}

int step_built(struct entry *e, const struct step *s, struct fault *f)
{
	(void)s;
	return files_end(&e->files, f);
}

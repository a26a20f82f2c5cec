#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include "shim/inner/mount.h"
#include "shim/sys.h"
#include "shim/inner/system.h"

int system_attach(struct files *s, int fd, const char *path, struct fault *f)
{
	int to = files_open(s, path, FILES_FOLDER, f);
	int failed = to < 0;

	if (to >= 0 && mount_move(fd, to, "")) {
		failed = fault_set(f, "move_mount", NS_MNT, path, errno);
		mount_why(f);
	}
	if (to >= 0)
		sys_close(to);
	if (failed)
		sys_close(fd);
	else
		files_note(s, fd);
	return failed ? -1 : 0;
}

static void refused(const char *type, struct fault *f)
{
	if (f->err == ENODEV)
		fault_why(f, "this kernel does not have it");
	else if (f->err != EPERM && f->err != EACCES)
		mount_why(f);
	else if (type[0] == 'p')
		fault_why(f,
			  "in a user namespace it needs `pid = new`, and a /proc outside that is "
			  "seen whole, which containers' is not: bind = /proc DEST rec");
	else if (type[0] == 's')
		fault_why(f, "in a user namespace it needs `net = new`, and a /sys outside that is "
			     "seen whole: bind = /sys DEST rec,ro");
	else if (type[0] == 'm')
		fault_why(f, "in a user namespace it needs `ipc = new`");
	else
		mount_why(f);
}

/*
 * mount(2) acts on a descriptor too, by way of the working directory, which is taken again by its
 * name in any case: a third of the calls of fsopen(2) and its kin, on every kernel.
 */
int system_mount(int to, const char *path, const char *type, unsigned long flags,
		 const char *options, struct fault *f)
{
	if (fchdir(to))
		return fault_set(f, "fchdir", NS_MNT, path, errno);
	if (!mount(type, ".", type, MS_NOSUID | MS_NOEXEC | flags, options))
		return 0;
	fault_set(f, "mount", NS_MNT, path, errno);
	refused(type, f);
	return -1;
}

int system_proc(struct files *s, struct fault *f)
{
	int to = files_begin(s, f) ? -1 : mount_find(s->base, "/proc", O_DIRECTORY);
	int failed;

	if (to < 0)
		return errno == ENOENT || errno == ENOTDIR
			       ? 0
			       : fault_set(f, "open", NS_MNT, "/proc", errno);
	failed = system_mount(to, "/proc", "proc", MS_NODEV, NULL, f);
	sys_close(to);
	return failed;
}

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/deed.h"
#include "shim/mount.h"
#include "shim/sys.h"
#include "shim/system.h"

static const char devices[][13] = {
	"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty",
};

static const struct {
	char name[7], target[16];
} links[] = {
	{ "fd", "/proc/self/fd" },	 { "stdin", "/proc/self/fd/0" },
	{ "stdout", "/proc/self/fd/1" }, { "stderr", "/proc/self/fd/2" },
	{ "ptmx", "pts/ptmx" },
};

/* In a user namespace nobody makes devices (mknod(2)); those of the host are bound. */
static int bind_device(int dev, const char *path, struct fault *f)
{
	const char *name = path + strlen("/dev/");
	int copy, err = 0;

	copy = mount_copy(AT_FDCWD, path, false);
	if (copy < 0) {
		fault_set(f, "open_tree", NS_MNT, path, errno);
		return mount_why(f);
	}
	if (files_make(dev, name, S_IFREG | 0444) || mount_move(copy, dev, name))
		err = errno;
	sys_close(copy);
	if (!err)
		return 0;
	fault_set(f, "move_mount", NS_MNT, path, err);
	return mount_why(f);
}

static int pseudo_terminals(int dev, struct fault *f)
{
	int pts, failed;

	if (files_make(dev, "pts", S_IFDIR | 0755) ||
	    (pts = sys_openat(dev, "pts", O_PATH | O_DIRECTORY | O_NOFOLLOW)) < 0)
		return fault_set(f, "mkdir", NS_MNT, "/dev/pts", errno);
	failed = system_mount(pts, "/dev/pts", "devpts", 0, SYSTEM_PTS, f);
	sys_close(pts);
	return failed;
}

static int fill(int dev, struct fault *f)
{
	for (unsigned i = 0; i < sizeof devices / sizeof *devices; i++)
		if (bind_device(dev, devices[i], f))
			return -1;
	for (unsigned i = 0; i < sizeof links / sizeof *links; i++)
		if (syscall(SYS_symlinkat, links[i].target, dev, links[i].name))
			return fault_set(f, "symlink", NS_MNT, links[i].name, errno);
	if (files_make(dev, "shm", S_IFDIR | 01777))
		return fault_set(f, "mkdir", NS_MNT, "/dev/shm", errno);
	return pseudo_terminals(dev, f);
}

int deed_dev(struct entry *e, const struct item *it, struct fault *f)
{
	struct files *s = &e->files;
	int dev = files_tmpfs(NULL, 0755, f);
	int to = dev < 0 ? -1 : files_open(s, it->word[0], FILES_FOLDER, f);
	int failed = to < 0;

	if (to >= 0 && mount_move(dev, to, "")) {
		failed = fault_set(f, "move_mount", NS_MNT, it->word[0], errno);
		mount_why(f);
	}
	if (to >= 0)
		sys_close(to);
	if (!failed) {
		files_note(s, dev);
		failed = fill(dev, f);
	}
	if (dev >= 0)
		sys_close(dev);
	return failed ? -1 : 0;
}

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
#include "shim/inner/system.h"

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

enum { DEVICES = sizeof devices / sizeof *devices };

/* In a user namespace nobody makes devices (mknod(2)); those of the host are bound. */
static int copy_devices(int copy[DEVICES], struct fault *f)
{
	for (unsigned i = 0; i < DEVICES; i++) {
		copy[i] = mount_copy(AT_FDCWD, devices[i], false);
		if (copy[i] < 0) {
			fault_set(f, "open_tree", NS_MNT, devices[i], errno);
			return mount_why(f);
		}
	}
	return 0;
}

static int bind_devices(int dev, const int copy[DEVICES], struct fault *f)
{
	for (unsigned i = 0; i < DEVICES; i++) {
		const char *name = devices[i] + strlen("/dev/");

		if (files_make(dev, name, S_IFREG | 0444) || mount_move(copy[i], dev, name)) {
			fault_set(f, "move_mount", NS_MNT, devices[i], errno);
			return mount_why(f);
		}
	}
	return 0;
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
	for (unsigned i = 0; i < sizeof links / sizeof *links; i++)
		if (syscall(SYS_symlinkat, links[i].target, dev, links[i].name))
			return fault_set(f, "symlink", NS_MNT, links[i].name, errno);
	if (files_make(dev, "shm", S_IFDIR | 01777))
		return fault_set(f, "mkdir", NS_MNT, "/dev/shm", errno);
	return pseudo_terminals(dev, f);
}

/* What is copied first is most often what the folder covers then. */
int deed_dev(struct entry *e, const struct item *it, struct fault *f)
{
	int copy[DEVICES], dev;
	int failed;

	memset(copy, -1, sizeof copy);
	failed = copy_devices(copy, f);
	dev = failed ? -1 : files_tmpfs(NULL, 0755, f);
	failed = dev < 0 || system_attach(&e->files, dev, it->word[0], f);
	if (!failed) {
		failed = bind_devices(dev, copy, f) || fill(dev, f);
		sys_close(dev);
	}
	for (unsigned i = 0; i < DEVICES; i++)
		if (copy[i] >= 0)
			sys_close(copy[i]);
	return failed ? -1 : 0;
}

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#ifndef STATX_TYPE /* musl < 1.2.5 */
#include <linux/stat.h>
#endif

#include "shim/inner/mount.h"
#include "shim/sys.h"

/* The same on every machine (arch/x86/entry/syscalls/syscall_64.tbl, include/uapi of Linux). */
enum {
	NR_OPEN_TREE = 428,
	NR_MOVE_MOUNT = 429,
	NR_FSOPEN = 430,
	NR_FSCONFIG = 431,
	NR_FSMOUNT = 432,
	NR_OPENAT2 = 437,
	NR_MOUNT_SETATTR = 442,
};

/* Of <linux/mount.h>, which does not go together with <sys/mount.h> everywhere. */
enum {
	COPY = 1,	   /* OPEN_TREE_CLONE */
	FROM_EMPTY = 4,	   /* MOVE_MOUNT_F_EMPTY_PATH */
	TO_EMPTY = 0x40,   /* MOVE_MOUNT_T_EMPTY_PATH */
	WHOLE = 0x8000,	   /* AT_RECURSIVE */
	IDMAP = 0x100000,  /* MOUNT_ATTR_IDMAP */
	MOUNT_ID = 0x1000, /* STATX_MNT_ID */
	CONFIG_FLAG = 0,   /* FSCONFIG_SET_* */
	CONFIG_STRING = 1,
	CONFIG_CREATE = 6, /* FSCONFIG_CMD_CREATE */
};

struct attr { /* struct mount_attr */
	uint64_t set, clear, propagation, user;
};

int mount_copy(int dirfd, const char *path, bool whole)
{
	return (int)syscall(NR_OPEN_TREE, dirfd, path,
			    COPY | O_CLOEXEC | (whole ? WHOLE : 0) | (*path ? 0 : AT_EMPTY_PATH));
}

int mount_move(int fd, int to, const char *name)
{
	return (int)syscall(NR_MOVE_MOUNT, fd, "", to, name, FROM_EMPTY | (*name ? 0 : TO_EMPTY));
}

static int set_attr(int fd, const struct attr *a, bool whole)
{
	return (int)syscall(NR_MOUNT_SETATTR, fd, "", AT_EMPTY_PATH | (whole ? WHOLE : 0), a,
			    sizeof *a);
}

int mount_set(int fd, uint64_t set, uint64_t clear, bool whole)
{
	return set_attr(fd, &(struct attr){ .set = set, .clear = clear }, whole);
}

int mount_propagate(int fd, uint64_t propagation)
{
	int rc = set_attr(fd, &(struct attr){ .propagation = propagation }, false);

	if (rc && errno == ENOSYS && !fchdir(fd))
		rc = mount(NULL, ".", NULL, propagation, NULL);
	return rc;
}

int mount_idmap(int fd, int user, bool whole)
{
	return set_attr(fd, &(struct attr){ .set = IDMAP, .user = (uint64_t)user }, whole);
}

int mount_open(const char *type)
{
	return (int)syscall(NR_FSOPEN, type, 1 /* FSOPEN_CLOEXEC */);
}

int mount_option(int fs, const char *key, const char *value)
{
	return (int)syscall(NR_FSCONFIG, fs, value ? CONFIG_STRING : CONFIG_FLAG, key, value, 0);
}

int mount_make(int fs, uint64_t attr)
{
	int fd = -1;

	if (!syscall(NR_FSCONFIG, fs, CONFIG_CREATE, NULL, NULL, 0))
		fd = (int)syscall(NR_FSMOUNT, fs, 1 /* FSMOUNT_CLOEXEC */, attr);
	sys_close(fs);
	return fd;
}

int mount_find(int root, const char *path, int flags)
{
	const struct open_how how = {
		.flags = (uint64_t)(O_PATH | O_CLOEXEC | flags),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	int fd;

	/* EAGAIN: something on its way was renamed or mounted meanwhile, anywhere (openat2(2)). */
	for (int i = 0; i < 1000; i++) {
		fd = (int)syscall(NR_OPENAT2, root, path, &how, sizeof how);
		if (fd >= 0 || errno != EAGAIN)
			break;
	}
	return fd;
}

uint64_t mount_number(int fd)
{
	struct statx st = { 0 };

	if (syscall(SYS_statx, fd, "", AT_EMPTY_PATH, MOUNT_ID, &st) || !(st.stx_mask & MOUNT_ID))
		return 0;
	return st.stx_mnt_id;
}

int mount_why(struct fault *f)
{
	if (f->err == ENOSYS)
		fault_why(f, !strcmp(f->op, "mount_setattr")
				     ? "needs Linux 5.12, or a seccomp filter that knows it"
				     : "needs Linux 5.6, or a seccomp filter that knows it");
	else if (f->err == EPERM || f->err == EACCES)
		fault_why(f, "the kernel, or a filter or security module, does not allow it here");
	else if (f->err == ENOSPC)
		fault_why(f, "the namespace is full: sysctl fs.mount-max, or the tmpfs is");
	return -1;
}

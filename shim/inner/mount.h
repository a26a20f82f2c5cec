/*
 * The mount calls that work on descriptors, raw: libc's have no wrappers for them before glibc
 * 2.36. Those that return int return what syscall(2) does. All are child-safe.
 */
#ifndef SHIM_MOUNT_H
#define SHIM_MOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/fault.h"

/* Of mount_setattr(2) and fsmount(2). */
enum mount_attr_bit {
	MOUNT_BIT_RO = 1,
	MOUNT_BIT_NOSUID = 2,
	MOUNT_BIT_NODEV = 4,
	MOUNT_BIT_NOEXEC = 8
};

/* A copy of what is mounted there, which shows nowhere yet; whole: with all mounts below it. */
int mount_copy(int dirfd, const char *path, bool whole); /* Linux 5.2 */

/* Puts it at the file `to`, or at `name` in that directory. */
int mount_move(int fd, int to, const char *name); /* Linux 5.2 */

/* Sets and clears bits of the mount whose root fd is. EINVAL: it is the root of none. */
int mount_set(int fd, uint64_t set, uint64_t clear, bool whole); /* Linux 5.12 */
int mount_idmap(int fd, int user, bool whole);			 /* the same */

/* MS_PRIVATE, MS_UNBINDABLE. On an older kernel the working directory is another then. */
int mount_propagate(int fd, uint64_t propagation);

/*
 * A new file system, in three steps: the descriptor to configure it; an option, of which value is
 * null for those that have none; and its mount, which shows nowhere yet. The last closes `fs`.
 * Linux 5.2
 */
int mount_open(const char *type);
int mount_option(int fs, const char *key, const char *value);
int mount_make(int fs, uint64_t attr);

/*
 * Opens a path with O_PATH as it is for who has the directory `root` as its root: no link leads out
 * of it, nor one of /proc's. flags: more than O_PATH. Linux 5.6
 */
int mount_find(int root, const char *path, int flags);

/* The number of the mount that the descriptor is in; 0: before Linux 5.8. */
uint64_t mount_number(int fd);

/* Says what to do about the fault of one of these, where that is known; returns -1. */
int mount_why(struct fault *f);

#endif

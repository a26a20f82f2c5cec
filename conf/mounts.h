/* The values of keys that make the files inside what they are. All of it is child-safe. */
#ifndef CONF_MOUNTS_H
#define CONF_MOUNTS_H

#include "conf/draft.h"

/* Bits of an item's flags: the words of `bind`, in the order in which they are listed there. */
enum mount_flag {
	MOUNT_RO = 1,
	MOUNT_REC = 2,
	MOUNT_NOEXEC = 4,
	MOUNT_NOSUID = 8,
	MOUNT_NODEV = 16,
	MOUNT_OPTIONAL = 32, /* nothing where the source is not there; of hide: where PATH is not */
	MOUNT_IDMAP = 64,
};

/*
 * Words of an item: bind SRC DEST; overlay LOWER UPPER WORK DEST; overlay-tmp LOWER DEST; symlink
 * TARGET DEST; file DEST TEXT; tmpfs, and root where it is one, DEST SIZE (null: the kernel's), and
 * the mode in number[0]; dir DEST, the same; all others DEST. A null DEST of root is a tmpfs. LOWER
 * has zero bytes for its colons, and number[1] is how many paths there are. SRC and DEST of bind may
 * be `.`, the working directory.
 */
enum { MOUNT_SRC = 0, MOUNT_TO = 1 };

enum {
	MOUNT_SYSTEMS = 32, /* file systems of its own that a rule may have */
	MOUNT_SHIFTS = 8,   /* binds with `idmap` */
};

void mounts_value(struct draft *d, enum key key, const char *value, struct item *it);

#endif

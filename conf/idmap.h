/*
 * One uid or gid map of a user namespace, as user_namespaces(7) tells of it. All of it is
 * child-safe.
 */
#ifndef CONF_IDMAP_H
#define CONF_IDMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum idmap_form {
	IDMAP_UNSET, /* the profile gives none: as IDMAP_ROOT */
	IDMAP_ROOT,  /* 0 inside is my own id */
	IDMAP_SELF,  /* my own id inside is my own id */
	IDMAP_AUTO,  /* 0 inside is my own id, my ranges of /etc/subuid or /etc/subgid from 1 on */
	IDMAP_EXTENTS, /* as written */
};

enum {
	IDMAP_MOST = 340, /* extents that the kernel takes (Linux 4.15) */
	IDMAP_TEXT = 4096 /* and its text must be shorter than a page */
};

struct idmap_extent {
	uint32_t inside, outside, count;
};

struct idmap {
	enum idmap_form form;
	unsigned extents;	     /* how many there are, for IDMAP_EXTENTS */
	struct idmap_extent *extent; /* room for IDMAP_MOST while it is built */
	unsigned bytes;		     /* of its text */
	bool full; /* an extent was refused for want of room: all others would be */
};

/*
 * Adds the extent that `value` describes: three decimal numbers, INSIDE OUTSIDE COUNT, or one of
 * the words root, self, auto (alone, and once). Returns 0; on an error returns -1 and tells in
 * why[size] what is wrong, naming the two extents where two collide.
 */
int idmap_add(struct idmap *m, const char *value, char *why, size_t size);

/*
 * The text that /proc/PID/uid_map takes, of an IDMAP_EXTENTS map. Returns its length; -1 where it
 * would not fit buf, or a page.
 */
long idmap_text(const struct idmap *m, char *buf, size_t size);

#endif

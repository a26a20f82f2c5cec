/* The ranges of subordinate ids that a user has: /etc/subuid and /etc/subgid (subuid(5)). */
#ifndef SHIM_SUBID_H
#define SHIM_SUBID_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/fault.h"
#include "conf/idmap.h"

struct subid {
	const char *file; /* /etc/subuid or /etc/subgid */
	char owner[64];	  /* the user as the file would name it */
	unsigned ranges;
	struct {
		uint64_t start, count;
	} range[IDMAP_MOST];
};

/*
 * The ranges of the effective user (also those of groups go by the user), by name and by number.
 * None is no error. Root trusts only a file of root's. Returns 0; -1 with a fault.
 */
int subid_load(struct subid *s, const char *file, struct fault *f);

/* Is the whole extent one of ours, or in one? */
bool subid_has(const struct subid *s, const struct idmap_extent *e);

#endif

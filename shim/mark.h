/*
 * What a process of a wrapped program's tree tells the next one: NSSHIM_STATE, or, where the
 * environment has no room for that, a second slash in the library's own path.
 *
 *   NSSHIM_STATE=-:PROFILE            a load door decides by PROFILE
 *   NSSHIM_STATE=c:PROFILE            it has been decided: on_error = continue
 *   NSSHIM_STATE=dLENGTH:PATHPROFILE  it has been decided, for the program of this path: no rule
 * fits
 *
 * All of it is child-safe.
 */
#ifndef SHIM_MARK_H
#define SHIM_MARK_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/text.h"

#define MARK_NAME "NSSHIM_STATE="

enum mark_kind { MARK_PLAIN, MARK_GO_ON, MARK_DECIDED };

struct mark {
	enum mark_kind kind;
	const char *path; /* MARK_DECIDED: not terminated, */
	size_t len;	  /* of this length */
	const char *profile;
};

/* Reads a value of NSSHIM_STATE (null: unset). False: it is none of the shim's. */
bool mark_read(struct mark *m, const char *value);

/* Appends the whole entry. path: for MARK_DECIDED. */
void mark_text(struct text *t, enum mark_kind kind, const char *path, const char *profile);

/* Must a load door decide for the program of this path? */
bool mark_asks(const struct mark *m, const char *path);

/* Is the library's own entry in this value of LD_PRELOAD (null: unset) marked? */
bool mark_preload(const char *value);

#endif

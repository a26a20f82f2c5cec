/*
 * What a process of a wrapped program's tree tells the next one: NSSHIM_STATE. One of
 *
 *   -:PROFILE                  a load door decides, by PROFILE
 *   dLENGTH,STAMP:PATHPROFILE  it has been decided, for the program PATH: no rule fits, as long
 *                              as the profile is that of STAMP
 *   cLENGTH,STAMP:PATHPROFILE  the same: the entry failed, and on_error = continue
 *   fLENGTH,PID:RULEPROFILE    a child of process PID enters by that rule of PROFILE; that process
 *                              itself decides as by the first
 *
 * All of it is child-safe.
 */
#ifndef SHIM_MARK_H
#define SHIM_MARK_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/text.h"

#define MARK_NAME "NSSHIM_STATE="

enum mark_kind { MARK_PLAIN, MARK_DECIDED, MARK_GO_ON, MARK_CHILD };

struct mark {
	enum mark_kind kind;
	const char *path;	  /* but for MARK_PLAIN: not terminated, */
	size_t len;		  /* of this length, and */
	unsigned long long stamp; /* file_stamp() of the profile; 0: no file */
	/* MARK_CHILD: path is the rule's name, stamp the pid. */
	const char *profile;
};

/* Reads a value of NSSHIM_STATE (null: unset). False: it is none of the shim's. */
bool mark_read(struct mark *m, const char *value);

/* Appends the whole entry. For MARK_PLAIN path and stamp are not looked at. */
void mark_text(struct text *t, enum mark_kind kind, const char *path, unsigned long long stamp,
	       const char *profile);

/* Must a load door decide for the program of this path? */
bool mark_asks(const struct mark *m, const char *path);

#endif

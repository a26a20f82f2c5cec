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
 * After the letter may stand (PID.SINCE), the tree that it is.
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

/* All that descend from one wrapped program. */
struct tree {
	unsigned pid;		  /* of that program; 0: not known */
	unsigned long long since; /* CLOCK_BOOTTIME in ns, when its constructor ran */
};

struct mark {
	enum mark_kind kind;
	struct tree tree;
	const char *path;	  /* but for MARK_PLAIN: not terminated, */
	size_t len;		  /* of this length, and */
	unsigned long long stamp; /* file_stamp() of the profile; 0: no file */
	/* MARK_CHILD: path is the rule's name, stamp the pid. */
	const char *profile;
};

/* Reads a value of NSSHIM_STATE (null: unset). False: it is none of the shim's. */
bool mark_read(struct mark *m, const char *value);

/* Appends the whole entry. For MARK_PLAIN path and stamp are not looked at. */
void mark_text(struct text *t, enum mark_kind kind, const struct tree *tree, const char *path,
	       unsigned long long stamp, const char *profile);

/* PID.SINCE, appended; and read from *at, which is moved behind it: false where there is none. */
void mark_tree_text(struct text *t, const struct tree *tree);
bool mark_tree_read(struct tree *tree, const char **at);

/* Must a load door decide for the program of this path? */
bool mark_asks(const struct mark *m, const char *path);

#endif

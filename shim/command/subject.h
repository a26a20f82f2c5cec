/* The program of a command line, as the library would look at it, and the rule that fits it. */
#ifndef SHIM_COMMAND_SUBJECT_H
#define SHIM_COMMAND_SUBJECT_H

#include <limits.h>

#include "conf/profile.h"
#include "shim/target.h"

struct subject_of {
	struct target target; /* its path: as given, or as found along PATH */
	bool found;	      /* false: its name stands for it, since */
	int err;	      /* it is not there, or cannot be executed */
	char path[PATH_MAX];
};

/* argv: the program and its arguments. */
void subject_find(struct subject_of *s, char **argv);

/*
 * The rule that fits it; null, and f->op is empty: none does. The parent of the conditions is that of
 * this command, in whose place the program would be.
 */
const struct rule *subject_rule(const struct profile *p, const struct subject_of *s,
				struct fault *f);

#endif

/* The rule for a file that is about to be executed: conf/match with eyes for the file system. */
#ifndef SHIM_CHOOSE_H
#define SHIM_CHOOSE_H

#include <stdbool.h>

#include "conf/match.h"
#include "shim/target.h"

/*
 * Null: no rule fits, or one that asks for nothing, with f->op empty; or nobody can tell and *f says
 * why. loaded: the target is this process (shim/condition.h). No system call is made for what cannot
 * fit by its last component. child-safe
 */
const struct rule *choose(const struct profile *p, const struct target *t, bool loaded,
			  struct fault *f);

/* Would it be chosen, if it came first, and why not? As match_verdict(). child-safe */
enum verdict choose_verdict(const struct rule *rule, const struct target *t, bool loaded,
			    const char **pattern);

/*
 * Does the last component of this path name the program? Not where it is empty, or leads through
 * /proc: then no rule can be told not to fit by it. child-safe
 */
bool choose_by_name(const char *path);

#endif

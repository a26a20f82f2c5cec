/* The rule for a file that is about to be executed: conf/match with eyes for the file system. */
#ifndef SHIM_CHOOSE_H
#define SHIM_CHOOSE_H

#include <stdbool.h>

#include "conf/profile.h"

/*
 * dirfd, path, flags: as execveat(2). Null: no rule fits, or one that asks for no namespace, with
 * f->op empty; or nobody can tell and
 * *f says why. No system call is made for what cannot fit by its last component. child-safe
 */
const struct rule *choose(const struct profile *p, int dirfd, const char *path, int flags,
			  struct fault *f);

/*
 * Does the last component of this path name the program? Not where it is empty, or leads through
 * /proc: then no rule can be told not to fit by it. child-safe
 */
bool choose_by_name(const char *path);

#endif

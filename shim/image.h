/*
 * The helper image in the place of a process that cannot enter by itself: it enters a rule, and
 * executes the target. arg: as in enum reexec_arg (shim/reexec.h), null at the end.
 */
#ifndef SHIM_IMAGE_H
#define SHIM_IMAGE_H

#include "conf/fault.h"

/* --enter, --try. Returns an exit status. */
int image_main(char **arg);

/*
 * The same, by `nsshim exec`: the path may be a name, which is then looked up along PATH, inside.
 * Returns only where that fails, which has been told: EXIT_PROFILE, or image_status() of the exec.
 */
int image_exec(char **arg);

/*
 * Would it work? Tries the whole entry in a child. 0; -1 and *f, in which f->op is empty where not
 * the entry failed but the target cannot be executed inside.
 */
int image_try(char **arg, struct fault *f);

/* The target as it is, outside. Returns only where that fails, which has been told. */
int image_outside(char **arg);

/* Of an exec that failed with that errno, as of env(1). */
enum { EXIT_NOT_FOUND = 127 };
int image_status(int err);

#endif

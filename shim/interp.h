/*
 * What an exec needs beside the file itself: the interpreter of a script, the loader of a program.
 */
#ifndef SHIM_INTERP_H
#define SHIM_INTERP_H

#include <stdbool.h>

#include "shim/target.h"

/*
 * 0, or the errno of an exec that would fail for it. cloexec: the target is a descriptor that the
 * exec closes, so that a script could not be read by its interpreter (execveat(2)). For the helper
 * image.
 */
int interp_check(const struct target *t, bool cloexec);

#endif

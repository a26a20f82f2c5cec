/* Where the library is that this command belongs to. */
#ifndef SHIM_COMMAND_INSTALL_H
#define SHIM_COMMAND_INSTALL_H

#include <limits.h>
#include <stdbool.h>

#include "shim/target.h"

/* Why it is not found. */
const char *install_missing(void);

/*
 * The path of libnsshim.so into path[PATH_MAX]: beside the command, as in a build; in the LIBDIR beside
 * its bin; or below PREFIX. False: it is nowhere, and path is the last of these.
 */
bool install_find(char *path);

/* The same, for LD_PRELOAD. 0; -1, and it has been told: nowhere, or not to be named to ld.so(8). */
int install_library(char *path, const char *command);

/* Is there one beside it, where it stands for $LIB, for this program of another machine? */
bool install_serves(const char *library, const struct target *t);

#endif

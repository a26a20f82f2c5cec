/* From the value of NSSHIM_PROFILE to the place of the profile's text. */
#ifndef SHIM_LOCATE_H
#define SHIM_LOCATE_H

#include <stdbool.h>

#include "conf/profile.h"

/*
 * value: a path, a name, an inline rule, `none`, or null for the default profile. Files are named
 * by absolute paths in buf[PATH_MAX], other text stays where it is. Returns 0; -1 with a fault that
 * tells where was looked. Environment variables are read by secure_getenv(3). For the constructor.
 */
int locate(const char *value, struct source *src, char *buf, struct fault *f);

/* Does it begin as an inline rule does, KEY=? */
bool locate_is_inline(const char *value);

/* The value that leads to the same source again: what NSSHIM_STATE carries. child-safe */
const char *locate_value(const struct source *src);

/* The source that locate_value() told of: no search, and what is in force stays so. */
struct source locate_again(const char *value);

/*
 * The folders in which a name is looked for, from the first on, into buf[PATH_MAX]. False: this user
 * has not that one.
 */
enum { LOCATE_FOLDERS = 3 };
bool locate_folder(unsigned i, char *buf);

#endif

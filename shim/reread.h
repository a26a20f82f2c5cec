/* A rule that another process has chosen, from the profile as it is now. For the command. */
#ifndef SHIM_REREAD_H
#define SHIM_REREAD_H

#include "conf/profile.h"

/*
 * profile: as locate_value(). Null and *f: it cannot be read, or the rule has gone. *whole is the
 * profile, which the rule is part of.
 */
const struct rule *reread(const char *profile, const char *rule, struct profile **whole,
			  struct fault *f);

#endif

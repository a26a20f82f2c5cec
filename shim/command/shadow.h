/* Rules that never fit, since one before them takes, always, all that they would. */
#ifndef SHIM_COMMAND_SHADOW_H
#define SHIM_COMMAND_SHADOW_H

#include "conf/profile.h"

struct shadow;

/* Lists the rules of a profile, in its own memory; null: there is none left. */
struct shadow *shadow_list(const struct profile *p);

/* The first rule that takes all that r would; null: there is none, or it is not plain to see. */
const struct rule *shadow_of(const struct shadow *s, const struct rule *r);

#endif

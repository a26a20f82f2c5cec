/* What a program will see of a plan: its kinds of namespace, and who it is. */
#ifndef SHIM_COMMAND_INSIDE_H
#define SHIM_COMMAND_INSIDE_H

#include "shim/command/json.h"
#include "shim/plan.h"

/* An object of each kind, and of uid, gid and cwd, with words for each. */
json_t *inside_of(const struct plan *p);

#endif

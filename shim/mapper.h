/*
 * nsshim --map: writes the id maps of the process at the other end of its socket. It stays in the
 * user namespace outside, where the ranges are ours; step_mapper() starts it.
 */
#ifndef SHIM_MAPPER_H
#define SHIM_MAPPER_H

#include "conf/profile.h"

/* argv: SOCKET UID_MAP GID_MAP SETGROUPS. Returns an exit status. */
int mapper_main(char **argv);

/* Could this process have the maps of the rule written? 0; -1 and *f. */
int mapper_check(const struct rule *rule, struct fault *f);

#endif

/* newuidmap(1) and newgidmap(1), which write the maps that a user has ranges for. For the command. */
#ifndef SHIM_IDTOOL_H
#define SHIM_IDTOOL_H

#include <sys/types.h>

#include "conf/fault.h"
#include "conf/idmap.h"

/* Is it installed, with its power? needs: the CAP_* without which it is wanted. 0; -1 and a fault. */
int idtool_check(const char *tool, int needs, struct fault *f);

/* Has it write the map of the process. 0; -1 and a fault with what it said. */
int idtool_run(const char *tool, const struct idmap *map, pid_t pid, struct fault *f);

#endif

/* The tree of a run, as nsshim trace --json prints it. */
#ifndef SHIM_COMMAND_TREE_H
#define SHIM_COMMAND_TREE_H

#include "shim/command/json.h"
#include "shim/command/trace/history.h"

/* status: of the command. followed: it was, and what has no record is known to have none. */
json_t *tree_of(struct history *h, int status, bool followed);

#endif

/* The file actions of a posix_spawn(3), read where libc keeps them. */
#ifndef SHIM_ACTIONS_H
#define SHIM_ACTIONS_H

#include <spawn.h>
#include <stdbool.h>

#include "shim/action.h"

struct actions {
	const struct action *first; /* libc's own records: nothing is copied */
	int count;
};

/*
 * Finds the records of `from` (null: none). False where this libc lays them out in another way, or
 * where one is of a kind that is not known here: then they are libc's to perform.
 * The first call in a process that has records to read asks libc to make some, which allocates:
 * not for a child.
 */
bool actions_read(struct actions *a, const posix_spawn_file_actions_t *from);

#endif

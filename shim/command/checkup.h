/* What a machine, and who asks, has of what an entry may need. */
#ifndef SHIM_COMMAND_CHECKUP_H
#define SHIM_COMMAND_CHECKUP_H

#include <stdbool.h>

#include "shim/command/json.h"

enum checkup { CHECKUP_GOOD, CHECKUP_LACKS /* some keys will not work */, CHECKUP_BAD };

/*
 * Adds a finding: an object of name, state (good, lacks, bad), what, and remedy, which is a command
 * to paste, or null. remedy: without the `sudo` that `root` puts before it for ordinary users.
 */
void checkup_find(json_t *all, const char *name, enum checkup state, bool root, const char *remedy,
		  const char *format, ...) __attribute__((format(printf, 6, 7)));

/* All findings that do not depend on a profile, into the array. */
void checkup(json_t *all);

#endif

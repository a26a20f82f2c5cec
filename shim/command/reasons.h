/* Why the rules of a profile fit a program, or do not. */
#ifndef SHIM_COMMAND_REASONS_H
#define SHIM_COMMAND_REASONS_H

#include <stdbool.h>

#include "shim/command/json.h"
#include "shim/command/subject.h"

/*
 * An array with an object of each rule up to the first that fits: name, file, line, fits, why. *fits:
 * one does.
 */
json_t *reasons_of(const struct profile *p, const struct subject_of *s, bool *fits);

#endif

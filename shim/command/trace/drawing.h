/* The tree of a run, for people. */
#ifndef SHIM_COMMAND_DRAWING_H
#define SHIM_COMMAND_DRAWING_H

#include <stdio.h>

#include "shim/command/json.h"

/* all: the object that --json prints; its control characters are gone afterwards. */
void drawing_print(json_t *all, FILE *to);

#endif

/* What nsshim explain tells, for people. */
#ifndef SHIM_COMMAND_STORY_H
#define SHIM_COMMAND_STORY_H

#include "shim/command/json.h"

/* all: the object that --json prints. */
void story_print(const json_t *all);

#endif

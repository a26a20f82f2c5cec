/* nsshim run, for a command that runs a program so. */
#ifndef SHIM_COMMAND_RUN_H
#define SHIM_COMMAND_RUN_H

#include "shim/command/choice.h"

/*
 * Executes the program, the library preloaded. Returns an exit status where that fails, which has
 * been told in this command's name.
 */
int run_program(struct choice *c, char **argv, const char *command);

#endif

/* The one rule of a profile, with other keys: as an inline rule, since no file is written for it. */
#ifndef SHIM_COMMAND_CHANGE_H
#define SHIM_COMMAND_CHANGE_H

#include "conf/profile.h"

/*
 * Puts the lines of the source before *keys, which is memory, without those whose key is among them:
 * a key of the inside that may be repeated adds to them, as with `extends` in nsshim(5). value: the
 * source's name for messages. 0; -1, and it has been told: it has not one rule, includes files, or
 * has a value that no inline rule can have.
 */
int change(char **keys, const struct source *from, const char *value, const char *command);

#endif

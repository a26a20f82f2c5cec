/* What is no error in a profile, and yet not what was meant. */
#ifndef SHIM_COMMAND_LINT_H
#define SHIM_COMMAND_LINT_H

#include "conf/profile.h"

/*
 * Tells `say` of each, as a fault of a line: a rule that never fits, since those before it take all
 * that it would; a path that is not there; maps that this user cannot have. inline_text: as
 * lines_find() takes it.
 */
void lint(const struct profile *p, const char *inline_text, profile_say *say, void *ctx);

#endif

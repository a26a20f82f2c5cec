/* Whether the conditions of a rule hold for what is about to be executed. child-safe */
#ifndef SHIM_CONDITION_H
#define SHIM_CONDITION_H

#include <stdbool.h>

#include "conf/profile.h"
#include "shim/target.h"

/* The first that does not hold; null: all do. loaded: as below. */
const struct condition *condition_missed(const struct rule *r, const struct target *t, bool loaded);

/*
 * Do all hold? loaded: it has been executed, and is this process. The program that executes is then
 * taken to be that of its parent process.
 */
bool condition_holds(const struct rule *r, const struct target *t, bool loaded);

#endif

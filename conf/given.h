/* The values of the keys that say what the program is given: PHASE_EXEC. child-safe */
#ifndef CONF_GIVEN_H
#define CONF_GIVEN_H

#include "conf/draft.h"

/*
 * Fills in the item, or refuses the value. ITEM_ENV: word[0], NAME=VALUE; number[0], the length of
 * the name. ITEM_UNSETENV: word[0], a pattern. ITEM_CLEARENV: flags, 1 or 0. ITEM_ARG0: word[0].
 */
void given_value(struct draft *d, enum key key, const char *value, struct item *it);

#endif

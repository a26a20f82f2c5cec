/* What stands for something else in a value: `%h` and its like, and $ORIGIN. child-safe */
#ifndef CONF_EXPAND_H
#define CONF_EXPAND_H

#include "conf/draft.h"

/*
 * The value with all of that in its place, in the draft's memory; the value itself where there is
 * nothing. Null: it is refused, in the name of key[len].
 */
const char *expand(struct draft *d, const char *key, const char *value);

#endif

/*
 * From the rule that fits to the program inside: in this process, by a child of it, or by a fresh
 * image. child-safe
 */
#ifndef SHIM_PASSAGE_H
#define SHIM_PASSAGE_H

#include "shim/attempt.h"

/* Enters by the rule and executes. Returns where that fails: the errno. */
int passage_execute(const struct attempt *given, const struct rule *rule);

/* Nothing has been entered: what the rule names is not there, or it cannot be followed. */
int passage_refused(const struct attempt *a, const struct rule *rule);

#endif

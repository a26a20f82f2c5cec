/* What a rule gives the program: its environment and its argument 0. child-safe */
#ifndef SHIM_GIVEN_H
#define SHIM_GIVEN_H

#include <stddef.h>

#include "conf/profile.h"

/* Bytes that given_env() needs; 0: the environment is right as it stands. envp: null is allowed. */
size_t given_env_room(const struct rule *r, char *const *envp);

/*
 * The environment, in room of that size, aligned for a pointer. It points into envp's own strings
 * and into the rule's.
 */
char **given_env(const struct rule *r, void *room, char *const *envp);

/* The argument 0 that the rule wants; null: the one that it has. */
char *given_arg0(const struct rule *r);

/* The same of the arguments, of which the rule gives the first. */
size_t given_argv_room(const struct rule *r, char *const *argv);
char **given_argv(const struct rule *r, void *room, char *const *argv);

#endif

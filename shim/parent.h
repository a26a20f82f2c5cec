/* A program whose children enter (when = fork): what of that its state holds. */
#ifndef SHIM_PARENT_H
#define SHIM_PARENT_H

#include <stdbool.h>

#include "shim/state.h"

/*
 * For the load door: the children of this program enter by the rule, one of judge. envp: the
 * initial environment, in which what they execute past the doors is told so.
 */
void parent_begin(const struct rule *rule, char **envp);

/* Do the children of this process enter? Not those of one that has entered itself. child-safe */
bool parent_is(const struct state *s);

/*
 * Is this process a child that enters at its exec, since fork did not make it? A child of vfork is
 * one. child-safe
 */
bool parent_has_child_here(const struct state *s);

/*
 * The environment for a program that another than the doors executes, started by this process:
 * that of a child, where its children enter; else as state_want(). child-safe
 */
struct env_want parent_want(const struct state *s, enum mark_kind decided, const char *path);

/*
 * For a child that fork has made, in memory of its own. It has entered, and is left alone from then
 * on: the shim goes from its environment. child-safe
 */
void parent_entered(void);

/* For the same: it goes on outside, and is a parent as its own is. child-safe */
void parent_again(void);

#endif

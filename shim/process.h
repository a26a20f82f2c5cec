/*
 * The process that a rule's `join` means: found, and known again. Its number alone would not do,
 * since the kernel gives that to another once it has ended. All of it is child-safe.
 */
#ifndef SHIM_PROCESS_H
#define SHIM_PROCESS_H

#include "conf/profile.h"

/*
 * Fills in join->pid, where a pidfile tells it, and join->start. 0; -1 and *f: there is no such
 * process, or the one that the pidfile names is another by now (both ENOENT), or the pidfile is
 * not to be used: no process id in it (EINVAL), or not to be trusted by root (EPERM).
 */
int process_find(struct rule_join *join, struct fault *f);

/* Is it there still? 0; -1 and *f (ENOENT): it has ended since it was found. */
int process_again(const struct rule_join *join, struct fault *f);

#endif

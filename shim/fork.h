/* The fork door: the children of a program whose rule says `when = fork` enter, executing or not. */
#ifndef SHIM_FORK_H
#define SHIM_FORK_H

#include <sys/types.h>

#include "shim/next.h"

/*
 * fork's contract, by `real`: libc's own for every process whose children no rule concerns. Else
 * the child has entered before it returns there, after the handlers of pthread_atfork(3), which run
 * outside; where that fails it is -1 and errno, with no child left, and one line. In a process of
 * several threads, and from a signal handler: as `real` is. child-safe
 */
pid_t fork_door(next_fork *real);

#endif

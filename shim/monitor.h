/*
 * The process that executed a program which was to be in another pid namespace, and whose pid its
 * parent knows already: it stays, and is to that parent what the program is.
 */
#ifndef SHIM_MONITOR_H
#define SHIM_MONITOR_H

#include <sys/types.h>

#include "shim/place.h"

/* The file in which the monitor writes "0" before: no part of its memory goes into a core. */
#define MONITOR_FILTER "/proc/self/coredump_filter"

/*
 * The program is `child`, a child of this process that has executed. Every signal must be blocked.
 * Passes on what arrives, stops as the program stops, and ends as it ends.
 */
_Noreturn void monitor(struct place *place, pid_t child);

#endif

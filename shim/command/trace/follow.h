/*
 * Follows a process and all that it starts, by ptrace(2), which stops them where they start one and
 * where they execute, and at a signal; at no other system call.
 */
#ifndef SHIM_COMMAND_FOLLOW_H
#define SHIM_COMMAND_FOLLOW_H

#include "conf/fault.h"
#include "shim/command/trace/history.h"

/* A child of this process, which has started nothing yet. 0; -1, and a fault: it is not allowed. */
int follow_begin(pid_t child, struct fault *f);

/*
 * Until the child ends; what then still runs is let go. Adds what was seen, the child as the first
 * process of all. Returns its status, as wait(2).
 */
int follow(struct history *h, pid_t child);

#endif

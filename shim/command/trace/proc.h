/* What /proc tells of another process, which stands still meanwhile. */
#ifndef SHIM_COMMAND_PROC_H
#define SHIM_COMMAND_PROC_H

#include "shim/command/trace/history.h"

/*
 * The number of the process that p->pid is a thread of, its own where it is the process; 0: this
 * process does not trace it (any more). Of a process fills in parent_pid, silent, level and inner.
 */
pid_t proc_look(struct process *p);

/* The number of the pid namespace that a process is in ("self": this one); 0: there is no telling. */
unsigned long proc_pidns(const char *pid);

/* Of what it has just executed: own and helps; else program, path and why. */
void proc_executed(struct event *e, pid_t pid);

#endif

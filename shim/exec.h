/* The exec door: decide which rule fits the program, enter, execute it. */
#ifndef SHIM_EXEC_H
#define SHIM_EXEC_H

#include <stdbool.h>

#include "shim/request.h"
#include "shim/report.h"

/*
 * Decides, enters and executes in this process. Returns only where that failed: the errno, which
 * is that of libc's own function where the target cannot be executed, and that of the step which
 * failed where the rule's entry did. report->what is then
 *   REPORT_NOTHING  there is nothing to say
 *   REPORT_FAILED   the fault is to be said (its op is empty where the exec failed inside)
 *   REPORT_WENT_ON  as before, and the exec outside that followed failed too
 * Where report->later, and the program is put into another pid namespace, a child of the caller's
 * parent is the program, and this process ends with 0; place->child is its pid, also where it
 * could not be executed: the caller has to reap it, and it has no exit signal then.
 * report->later is the caller's: where it is not set, a process that is left half inside writes
 * the fault and exits 126, and all but REPORT_FAILED has been said already. Of the caller's memory
 * nothing is written but errno, the profile that is read late, and the thread's scratch mapping.
 * child-safe, also in a vfork child
 */
int exec_run(const struct exec_request *r, struct report *report);

/*
 * exec_run with libc's contract, for the caller's own process: -1 and errno; writes the fault.
 * child-safe
 */
int exec_door(const struct exec_request *r);

#endif

/* The exec door: decide which rule fits the program, enter, execute it. */
#ifndef SHIM_EXEC_H
#define SHIM_EXEC_H

#include <stdbool.h>

#include "shim/report.h"

/* What to execute, as one of the functions of exec(3) or posix_spawn(3) was asked for it. */
struct exec_request {
	int dirfd;	  /* as execveat(2); AT_FDCWD */
	const char *file; /* a path, or with `search` the name of a program */
	int flags;	  /* as execveat(2) */
	bool search;	  /* a file without a slash is looked for along `path` */
	bool shell;	  /* what the kernel refuses with ENOEXEC is given to /bin/sh */
	const char *path; /* search: the value of PATH; null: unset */
	char *const *argv;
	char *const *envp;
};

/*
 * Decides, enters and executes in this process. Returns only where that failed: the errno, which
 * is that of libc's own function where the target cannot be executed, and that of the step which
 * failed where the rule's entry did; then report->what is REPORT_FAILED and has the fault.
 * report->later is the caller's: where it is not set, a process that is left half inside writes the
 * fault and exits 126. Of the caller's memory nothing but errno is written. child-safe, also in a
 * vfork child.
 */
int exec_run(const struct exec_request *r, struct report *report);

/* exec_run with libc's contract, for the caller's own process: -1 and errno; writes the fault.
 * child-safe */
int exec_door(const struct exec_request *r);

#endif

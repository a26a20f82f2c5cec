/*
 * The process that stays with the program which it has borne: what an exec would have kept goes over
 * to the program, and the process becomes its monitor (shim/monitor.h). child-safe
 */
#ifndef SHIM_STAY_H
#define SHIM_STAY_H

#include <stdbool.h>
#include <sys/time.h>

#include "shim/place.h"

struct stay {
	struct itimerval timer[3];
	bool ignores; /* SIGCHLD is ignored, which would take the program's status along */
	bool pending; /* SIGCHLD was so before, of another child */
	int self;     /* a pidfd; -1: none is to be had */
};

/*
 * Can this process? Not one of several threads, since an exec ends the others before anything is
 * known of the program. Not one that shares its memory, as a vfork child does: killed, it would
 * leave the program's process running on a stack that its parent uses again. Nor one that is
 * traced: a debugger would have its trap of the exec at another moment, and the trace of a process
 * in a user namespace.
 */
bool stay_can(void);

/* Takes it, before the program is borne. Every signal must be blocked. */
void stay_begin(struct stay *s);

/* In the program's process: gives it, and has it end with this one. */
void stay_hand_over(const struct stay *s);

/* Where no program came of it: what was started is gone, and all is as before. */
void stay_undo(const struct stay *s, struct place *p);

/*
 * Becomes the monitor, by the helper image, which must be where it was before the entry. Returns
 * only where that fails: -1 and a fault, with the program killed.
 */
int stay_on(struct place *p, const char *image, struct fault *f);

/* The arguments of the image that does so. */
enum { STAY_CHILD = 2, STAY_INIT, STAY_PIPE, STAY_ARGS };

#endif

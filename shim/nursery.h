/*
 * Where the next child of this thread is born: in the pid namespace of a plan, while the thread
 * stays in its own. For fork(2), whose child must be libc's. All of it is child-safe.
 */
#ifndef SHIM_NURSERY_H
#define SHIM_NURSERY_H

#include "shim/place.h"

struct nursery {
	struct place place;
	int back; /* the thread's own pid namespace; -1: nothing is changed */
	int failed;
	struct fault *fault;
	const struct entry *entry;
};

/*
 * e: after enter_open(). Needs CAP_SYS_ADMIN in the user namespace of both (setns(2)). Every signal must be blocked: a
 * handler that forks would have its child there. 0; -1 and a fault, with nothing changed.
 */
int nursery_open(struct nursery *n, const struct entry *e, struct fault *f);

/* In the thread, after the fork, whatever came of it: it is as before. Keeps errno. */
void nursery_close(struct nursery *n);

/* In the child: closes what is its parent's. */
void nursery_leave(struct nursery *n);

#endif

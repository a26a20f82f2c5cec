/*
 * What a process can only do for itself, and not for a child that it bears: to lead a session or a
 * process group, and to have that in the foreground of a terminal. Where a rule may want another
 * process to be the program (shim/place.h), it is put off to that one's last moment.
 */
#ifndef SHIM_LEAD_H
#define SHIM_LEAD_H

#include <stdbool.h>

#include "shim/action.h"
#include "shim/attr.h"

struct lead {
	const struct attr *attr;
	int terminal;	 /* a descriptor of ours; -1: none is concerned */
	bool acquire;	 /* an open made it the new session's, */
	bool foreground; /* and the group is to be in its foreground */
	bool done;	 /* the exec that followed failed, and another file is tried */
};

/* As action_run(), but for what has to wait. child-safe */
int lead_action(struct lead *l, const struct action *x);

/* Does what has waited, once. Signals must be blocked (SIGTTOU). 0 or an errno. child-safe */
int lead_run(struct lead *l);

#endif

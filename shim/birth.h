/*
 * The program's start in another pid namespace than that of the process which has entered: its pid 1,
 * where that is new, and the program itself. child-safe
 */
#ifndef SHIM_BIRTH_H
#define SHIM_BIRTH_H

#include "shim/place.h"
#include "shim/report.h"

struct birth {
	struct entry *entry;
	struct place *place;
	struct report *report; /* is told of the entry, and of what failed */
	const struct log *log;
	int trace;
	size_t room; /* on the program's stack, beyond what code needs */
	/* In the program's process, which it makes the program: returns the errno of what failed. */
	int (*execute)(void *arg);
	void *arg;
	int err; /* that one; 0: something else failed, and the report has the fault */
};

/*
 * As place_child(). 0: the program has executed. -1: it has not, and nothing is left in the
 * namespace; a child of place->child may be left to be reaped.
 */
int birth(struct birth *b, bool stays, bool sibling);

#endif

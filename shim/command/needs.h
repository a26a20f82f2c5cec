/* The capabilities that a step of a plan needs, and whether they will be there then. */
#ifndef SHIM_COMMAND_NEEDS_H
#define SHIM_COMMAND_NEEDS_H

#include "shim/plan.h"

enum needs_have {
	NEEDS_NONE,
	NEEDS_HERE,    /* this process has them */
	NEEDS_INSIDE,  /* they are those of the user namespace that is entered before */
	NEEDS_MISSING, /* so that the step will fail, or something else has to help: `note` */
	NEEDS_HELP,    /* they are missing, and not needed: `note` tells why */
};

struct needs {
	int cap[2]; /* CAP_*, */
	unsigned caps;
	enum needs_have have;
	char note[500]; /* ""; or what is to be known of it */
};

void needs_step(struct needs *n, const struct plan *p, unsigned step);

/* Of an item of that step. */
void needs_item(struct needs *n, const struct plan *p, unsigned step, const struct item *it);

#endif

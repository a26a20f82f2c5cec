/* What the helper image is to do for a command: the arguments that the library would give it. */
#ifndef SHIM_COMMAND_REQUEST_H
#define SHIM_COMMAND_REQUEST_H

#include <limits.h>

#include "shim/command/choice.h"
#include "shim/command/subject.h"
#include "shim/report.h"

struct request {
	char **arg; /* of enum reexec_arg */
	struct log log;
	char place[PATH_MAX], library[PATH_MAX];
};

/* A tree of its own, as in struct home, into place[PATH_MAX]. */
void request_place(char *place);

/*
 * It refers to all that it is given. Takes the shim out of this process's environment, which is that
 * of the program.
 */
void request_make(struct request *r, const struct choice *c, const struct rule *rule,
		  const struct subject_of *s);

#endif

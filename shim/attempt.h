/* One file that is tried: its execution, and what becomes of the process where that fails. child-safe */
#ifndef SHIM_ATTEMPT_H
#define SHIM_ATTEMPT_H

#include "shim/enter.h"
#include "shim/report.h"
#include "shim/request.h"
#include "shim/state.h"
#include "shim/target.h"

struct attempt {
	const struct state *state;
	struct target target;
	struct report *report;
	int saved; /* errno of before: a vfork child's is its parent's, and an exec that works
		      changes none */
	const uint64_t *mask; /* the caller's, where signals are blocked; null: they are not */
	const struct exec_request *request;
	bool tried; /* the whole entry, and the target is there inside */
};

int attempt_trace(const struct attempt *a, int log); /* where the steps are told; -1: nowhere */

/*
 * Has the memory that attempt_inside() will need, where the rule sets limits, which could then be in
 * the way. 0 or an errno.
 */
int attempt_reserve(const struct attempt *a, const struct rule *rule);

/* The real call, outside and watched, or inside and left alone. Returns the errno. */
int attempt_outside(const struct attempt *a, enum mark_kind decided);
int attempt_inside(const struct attempt *a, struct entry *e); /* null: it has entered long ago */

/* What follows a failure. They return the errno that the caller is to have. */

/* Nothing is left entered: the report's fault is told, or the target is executed outside. */
int attempt_refused(const struct attempt *a, const struct rule *rule, int log);

/* There is no way on and no way back. Where somebody waits for an answer, it is given to him. */
int attempt_half(const struct attempt *a, int log);

/* Entered, but not executed after all: what the check cannot see (ENOEXEC, no interpreter). */
int attempt_undone(const struct attempt *a, struct entry *e, int err, int log);

#endif

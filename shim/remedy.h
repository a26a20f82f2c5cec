/* What to do about a step that failed: the machine is asked, and only then. child-safe */
#ifndef SHIM_REMEDY_H
#define SHIM_REMEDY_H

#include "shim/plan.h"

/* Adds the rule's name and the remedy to a fault of the step. Keeps errno. */
void remedy(struct fault *f, const struct plan *plan, const struct step *step);

/* The same for what is no step: by the errno alone. */
void remedy_errno(struct fault *f, const struct rule *rule);

/*
 * A fault of the exec that follows the plan, where that is to blame for it. False, with *f as it
 * was: it is not.
 */
bool remedy_exec(struct fault *f, const struct plan *plan, const char *path, int err);

#endif

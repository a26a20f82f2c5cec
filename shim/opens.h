/* The first steps of a plan: they open what leads there, or look. All of it is child-safe. */
#ifndef SHIM_OPENS_H
#define SHIM_OPENS_H

#include "shim/steps.h"

/* Where one of these fails nothing has changed. plan->opened is where they end, but for the way back. */
void opens(struct plan *p, const struct aim *a, enum plan_for what);

/* STEP_DIR or STEP_TAKE. */
void opens_dir(struct plan *p, enum step_op op, enum dir dir);

#endif

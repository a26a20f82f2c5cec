/*
 * What is to be done, in order: a rule and the credentials of the moment, made into steps.
 * A plan is small and made without the heap, so it is made where it is needed, in the child: the
 * credentials are then those of the entry, however many daemons drop root between fork and exec.
 */
#ifndef SHIM_PLAN_H
#define SHIM_PLAN_H

#include "shim/steps.h"

/* Cannot fail. child-safe */
void plan_build(struct plan *p, const struct rule *rule, const struct creds *creds,
		enum plan_for what);

/* Does it change what no way back undoes, and what all threads have? child-safe */
bool plan_lasts(const struct plan *p);

/*
 * Is the program that is executed to be looked for inside, where its file and its interpreter may
 * be others, or none? child-safe
 */
bool plan_seen_inside(const struct plan *p);

/* Are ids taken, by STEP_IDS or as the rule says? child-safe */
bool plan_takes_ids(const struct plan *p);

#endif

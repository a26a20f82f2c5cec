/*
 * What a rule asks of this process at this moment: the kinds that it names by a process or by a
 * shared set become namespaces, and what the process is in already is asked no more. child-safe
 */
#ifndef SHIM_RESOLVE_H
#define SHIM_RESOLVE_H

#include "conf/profile.h"
#include "shim/plan.h"
#include "shim/process.h"
#include "shim/sets/sets.h"

/* The rule as it is now; in the memory of whoever asks, for as long as the plan is used. */
struct asked {
	const struct rule *asked; /* as the profile has it */
	struct rule rule;
	struct ns_spec ns[NS_KINDS];
	char path[NS_KINDS][PROCESS_PATH]; /* of files below /proc/PID/ns */
	char set[SETS_NAME];		   /* of the set that is shared */
};

/* Null: *f says what is not there. place: as in struct home. */
const struct rule *resolve(const struct rule *rule, const struct creds *creds, const char *place,
			   struct asked *a, struct fault *f);

#endif

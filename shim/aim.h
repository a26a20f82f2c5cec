/*
 * What a rule comes to for a process with these credentials: which kinds it creates and joins, and
 * whether a user namespace comes in between. Pure, and child-safe.
 */
#ifndef SHIM_AIM_H
#define SHIM_AIM_H

#include <stdbool.h>

#include "conf/profile.h"

/* Read off the process that is to enter. */
struct creds {
	uid_t uid; /* effective */
	gid_t gid;
	bool admin; /* CAP_SYS_ADMIN in the effective set: namespaces can be created and joined */
};

struct aim {
	int creates; /* CLONE_NEW* of the kinds, user excepted */
	int joins;   /* user included */
	int ahead;   /* of those that are created, the ones that a pool may have ready */
	bool user;   /* a user namespace is created, by the rule or as its fallback */
	bool itself; /* its maps are written by the process itself: aim_map() has their texts */
	bool set;    /* all are those of a shared set */
};

struct aim aim_of(const struct rule *rule, const struct creds *creds);

/*
 * The text of a map that the process can write itself: one id, its own (user_namespaces(7)).
 * Null: somebody outside must write it.
 */
enum { AIM_MAP = 40 };
const char *aim_map(const struct rule_map *m, unsigned long id, char buf[AIM_MAP]);

#endif

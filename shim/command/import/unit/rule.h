/* A unit of systemd as a rule, by what its lines are about. */
#ifndef SHIM_COMMAND_UNIT_RULE_H
#define SHIM_COMMAND_UNIT_RULE_H

#include "shim/command/import/unit/unit.h"

/* Who a program of the unit is. */
struct unit_user {
	const char *name; /* null: the one who asks */
	unsigned long uid, gid;
	const char *home, *shell;
	bool dynamic; /* a user that is made for it, and what that implies */
};

/* uid, gid, groups, and the maps. What is of no user who is known here is lost. */
void import_unit_user(struct unit *u, struct unit_user *who);

/* caps and securebits. */
void import_unit_caps(struct unit *u, const struct unit_user *who);

/* Limits, priorities, the working directory. */
void import_unit_life(struct unit *u, const struct unit_user *who);

void import_unit_env(struct unit *u, const struct unit_user *who);

/* What ProtectHome says, by which homes are there. */
enum unit_home { HOME_HIDDEN, HOME_LEFT, HOME_RO, HOME_EMPTY };
enum unit_home import_unit_home(struct unit *u);

/* All that is mounted. */
void import_unit_files(struct unit *u, bool dynamic);

/* What a filter denies. */
void import_unit_calls(struct unit *u);

#endif

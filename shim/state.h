/*
 * What the library knows: made once, from the environment and the profile, before main; constant
 * afterwards. No descriptor is held.
 */
#ifndef SHIM_STATE_H
#define SHIM_STATE_H

#include <limits.h>
#include <stdbool.h>

#include "conf/profile.h"
#include "shim/env.h"
#include "shim/own.h"
#include "shim/report.h"

struct state {
	uid_t euid;  /* when this was made */
	bool active; /* false: the hooks are libc's functions and nothing more */
	struct source source;
	struct profile *_Atomic dropped; /* profile, as read after the effective uid had changed */
	struct profile *_Atomic profile; /* by state_profile() */
	struct profile *judge; /* what decides for this program at load; null: it is not asked */
	bool wrapped; /* the program is where the tree begins: a rule has to say so to concern it */
	const char *judged_by; /* the locate_value() of judge */
	/* The rule of judge by which the children of this program's parent enter; "": judge decides. */
	char born_by[52];
	const struct rule *children; /* by which this program's enter (when = fork); null: none */
	pid_t parent;		     /* whose children they are: who is not it, is one */
	bool entered;		     /* this process has, in its parent's fork */
	struct log log;
	struct own own;
	char file[PATH_MAX]; /* a profile's path, before it is part of own */
};

/*
 * The state; made at the first call where no constructor has run yet (those of the program's
 * libraries may come before the library's and start programs). A profile that cannot be used is
 * reported and ends the process with exit status 125. child-safe once made
 */
const struct state *state_get(void);

/*
 * What decides for the programs that this one starts. Where the door that started this process has
 * decided that no rule fits it, and the profile is large, it is read at the first call. Null: it
 * cannot be used any more; *f is its first fault. f may be null. child-safe: a vfork child reads
 * it for its parent too
 */
const struct profile *state_profile(const struct state *s, struct fault *f);

/*
 * The environment for a program that keeps the shim. path: by which it is executed; decided: what
 * has been decided for it, if its load door shall know. child-safe
 */
struct env_want state_want(const struct state *s, enum mark_kind decided, const char *path);

/* own_exchange() of the state's. For the constructor. */
void state_mark(char **envp);

/* own_tell_children(), of the rule of judge. For the constructor. */
void state_mark_children(char **envp, const struct rule *rule);

/* For the load door: what has entered is left alone from then on. */
void state_retire(void);

/* Could any rule fit the program of this path, or name along PATH? child-safe once made */
bool state_could(const char *path);

enum { EXIT_PROFILE = 125, EXIT_ENTRY = 126 };

#endif

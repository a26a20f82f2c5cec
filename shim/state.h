/*
 * What the library knows: made once, from the environment and the profile, before main; constant
 * afterwards. No descriptor is held.
 */
#ifndef SHIM_STATE_H
#define SHIM_STATE_H

#include <limits.h>
#include <stdbool.h>

#include "conf/profile.h"
#include "conf/text.h"
#include "shim/env.h"
#include "shim/report.h"

struct state {
	bool active; /* false: the hooks are libc's functions and nothing more */
	struct source source;
	struct profile *profile; /* what decides for the programs that this one starts */
	struct profile *judge;	 /* what decides for this program at load; null: it is not asked */
	struct log log;
	struct env_own own;
	char file[PATH_MAX];   /* source.text, where it is a file's path */
	char helper[PATH_MAX]; /* the helper image beside the library; "": only PREFIX has it */
	char text[4 * PATH_MAX]; /* what own points to */
	struct text room;	 /* what of it is free */
};

/*
 * The state; made at the first call where no constructor has run yet (those of the program's
 * libraries may come before the library's and start programs). A profile that cannot be used is
 * reported and ends the process with exit status 125. child-safe once made
 */
const struct state *state_get(void);

/*
 * For the constructor: exchanges the shim's own entries in the initial environment, so that what
 * is started past the doors knows that it stands in a wrapped program's tree. An exchange is seen
 * by libc and by runtimes which read the initial stack; an added entry would not be.
 */
void state_mark(char **envp);

/* For the load door: what has entered is left alone from then on. */
void state_retire(void);

/* Could any rule fit a program whose path has this last component? child-safe once made */
bool state_could(const char *base);

enum { EXIT_PROFILE = 125, EXIT_ENTRY = 126 };

#endif

/*
 * The shim's own entries in an environment: made once, from what the program was started with, and
 * put into the initial environment in the place of those. For the constructor.
 */
#ifndef SHIM_OWN_H
#define SHIM_OWN_H

#include <limits.h>

#include "conf/fault.h"
#include "conf/text.h"
#include "shim/env.h"
#include "shim/home.h"
#include "shim/report.h"

/* Texts of its own: a host may write over its initial environment (to change its title). */
struct own {
	struct env_own env;
	struct home home; /* the profile: the end of env.state */
	struct text room; /* what of text is free */
	char text[8 * PATH_MAX];
};

/*
 * Reads a value of NSSHIM_LOG; *log then points into *own. A path that is relative is made
 * absolute: it has to mean the same file to who is started elsewhere. 0; -1 and a fault.
 */
int own_log(struct own *own, struct log *log, const char *value, struct fault *f);

/*
 * profile: as locate_value(); preload, runtime: the values of LD_PRELOAD and XDG_RUNTIME_DIR, null:
 * unset. 0; -1 and a fault (ENAMETOOLONG: an inline profile that is too long to be passed on).
 */
int own_make(struct own *own, const struct tree *tree, const char *profile, const char *preload,
	     const char *runtime, struct fault *f);

/* profile: as in struct home; its texts are those of *own. child-safe */
static inline struct home own_home(const struct own *own, const char *profile)
{
	return (struct home){ own->home.image, own->home.init, profile, own->home.place };
}

/*
 * Exchanges the shim's entries in the initial environment, so that what is started past the doors
 * knows that it stands in a wrapped program's tree. An exchange is seen by libc and by runtimes
 * which read the initial stack; an added entry would not be.
 */
void own_exchange(struct own *own, char **envp);

/*
 * The same once more, for a program whose children enter by the rule of that name: what they
 * execute past the doors is told so (MARK_CHILD). profile: as locate_value().
 */
void own_tell_children(struct own *own, char **envp, const char *rule, const char *profile);

#endif

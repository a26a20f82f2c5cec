/*
 * The fresh image: where the process cannot enter by itself (enter_needs_fresh_image), it becomes
 * the helper image, which enters and executes the target: the same pid, with memory of its own.
 */
#ifndef SHIM_REEXEC_H
#define SHIM_REEXEC_H

#include "conf/fault.h"
#include "shim/state.h"
#include "shim/target.h"

/*
 * profile: the locate_value() of what the rule is in.
 * Lets a throwaway process try the whole entry, so that the caller gets the exact errno: once the
 * image has started there is no one to return it to. 0: it works. -1 with *f; f->op is empty where
 * not the entry failed but the target cannot be executed inside. child-safe
 */
int reexec_try(const struct state *s, const char *profile, const struct rule *rule,
	       const struct target *t, struct fault *f);

/*
 * Becomes the image. begun: as in struct report, which is another's then. Returns only where that
 * fails: -1 with *f. child-safe
 */
int reexec(const struct state *s, const char *profile, const struct rule *rule,
	   const struct target *t, long long begun, struct fault *f);

/* The image's own arguments, before the target's. */
enum reexec_arg {
	REEXEC_NAME,
	REEXEC_MODE,	/* --enter or --try */
	REEXEC_PROFILE, /* as locate_value() */
	REEXEC_RULE,
	REEXEC_PLACE, /* as in struct home */
	REEXEC_INIT,  /* the same */
	REEXEC_LOG,   /* as NSSHIM_LOG; may be empty */
	REEXEC_DIRFD,
	REEXEC_FLAGS,
	REEXEC_OPTIONS, /* letters: s shell, k the descriptor is close-on-exec */
	REEXEC_SOCK,	/* --try: where to answer */
	REEXEC_BEGUN,	/* when the entry began, where the log traces */
	REEXEC_PATH,
	REEXEC_ARGV, /* and on */
};

#endif

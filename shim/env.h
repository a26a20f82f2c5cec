/* An environment with or without the shim, beside the caller's, which is never written. */
#ifndef SHIM_ENV_H
#define SHIM_ENV_H

#include <stdbool.h>
#include <stddef.h>

/* The shim's own entries, whole (`NAME=VALUE`), made once and constant afterwards. */
struct env_own {
	const char *preload; /* LD_PRELOAD with the shim alone */
	const char *state;   /* NSSHIM_STATE=-:PROFILE */
	const char *go_on;   /* NSSHIM_STATE that tells the next load door not to decide again */
	const char *log;     /* NSSHIM_LOG; null: unset */
};

enum env_as {
	ENV_KEEP,  /* no rule fitted: the shim goes on watching */
	ENV_GO_ON, /* the same, after on_error = continue */
	ENV_LEAVE, /* entered: neither the shim's LD_PRELOAD entry nor NSSHIM_* */
};

struct env_want {
	enum env_as as;
	/* ENV_KEEP: the program, by an absolute path, for which it has been decided that no rule
	   fits, so that it need not ask again; null: it asks. */
	const char *decided;
	unsigned long long stamp; /* of the profile by which it was decided */
};

/* How many bytes env_make needs; 0: envp (null is allowed) is right as it stands. child-safe */
size_t env_room(const struct env_own *own, char *const *envp, const struct env_want *want);

/*
 * Writes the wanted environment into room, of env_room() bytes and aligned for a pointer, and
 * returns it; it points into envp's own strings, into room and into *own. child-safe
 */
char *const *env_make(const struct env_own *own, void *room, char *const *envp,
		      const struct env_want *want);

/* Takes the same out of an array of one's own, in place; what it gives up is null. For
 * constructors. */
void env_strip(char **envp);

/* The value of NAME in envp; null. child-safe */
const char *env_value(char *const *envp, const char *name);

/*
 * Is that entry marked? A second slash in the library's path says that this is the tree of a
 * wrapped program, where the environment has no variable of the shim's that could say it
 * (shim/mark.h).
 */
bool env_marked(const char *preload);

/* The shim's own entry in a value of LD_PRELOAD and its length; null. child-safe */
const char *env_own_entry(const char *preload, size_t *len);

enum { ENV_STACK = 3072 }; /* what a door takes from the stack: a thread's may be 16 KiB in all */

/*
 * Room that is too large for the stack: one mapping a thread, used again by the thread's next
 * child, since what a vfork child maps stays in its parent. Null: ENOMEM. child-safe
 */
void *env_scratch(size_t size);

#endif

/* An environment with or without the shim, beside the caller's, which is never written. */
#ifndef SHIM_ENV_H
#define SHIM_ENV_H

#include <stdbool.h>
#include <stddef.h>

#include "shim/mark.h"

/* The shim's own entries, whole (`NAME=VALUE`), made once and constant afterwards. */
struct env_own {
	const char *preload; /* LD_PRELOAD with the shim alone */
	const char *state;   /* NSSHIM_STATE=-:PROFILE */
	const char *log;     /* NSSHIM_LOG; null: unset */
};

/* What the environment shall be. */
struct env_want {
	bool leave; /* what has entered: neither the shim's LD_PRELOAD entry nor NSSHIM_* */
	/* For the helper image to pass on: ld.so shall not see its variables, and load others'
	   libraries into the image. env_uncarry() is the way back. */
	bool carried;
	/* Not `leave`: what has been decided for the program of this path, so that its load door
	   need not; MARK_PLAIN: nothing. */
	enum mark_kind decided;
	const char *path;
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

/*
 * Takes the shim out of envp, in place; null fills the end. For constructors, and for a child with
 * memory of its own. child-safe
 */
void env_strip(char **envp);

/* Gives the variables of ld.so their names again, in place. For the helper image. */
void env_uncarry(char **envp);

/* The value of NAME in envp; null. child-safe */
const char *env_value(char *const *envp, const char *name);

/*
 * Is that entry marked? A detour in the library's path, which nobody types, says that this is the
 * tree of a wrapped program, where the environment has no variable of the shim's that could say it
 * (shim/mark.h).
 */
#define ENV_MARK "/.//./"
bool env_marked(const char *preload);

/* The shim's own entry in a value of LD_PRELOAD and its length; null. child-safe */
const char *env_own_entry(const char *preload, size_t *len);

#endif

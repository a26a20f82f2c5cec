/* The program that is to be executed, and the real call. All of it is child-safe. */
#ifndef SHIM_TARGET_H
#define SHIM_TARGET_H

#include <stdbool.h>
#include <stddef.h>

struct target {
	int dirfd, flags; /* as execveat(2) */
	const char *path;
	bool shell; /* what is refused with ENOEXEC is given to /bin/sh */
	char *const *argv;
	char *const *envp; /* the caller's: what is entered gets it without the shim */
};

/* Executes it by libc's own functions, with this environment. Returns only on failure: errno. */
int target_execute(const struct target *t, char *const *envp);

size_t target_count(char *const *argv); /* of arguments, none where there is no array */

/* Bytes of stack that target_execute() may want for the arguments of a shell. */
size_t target_room(const struct target *t);

/*
 * Could it be executed? 0, or the errno that libc's own function would give. `whole`: also what
 * only the kernel's own check sees (E2BIG, EFAULT, ETXTBSY), for fifteen microseconds more.
 */
int target_check(const struct target *t, bool whole);

/* Is it set-user-ID, set-group-ID, or has it file capabilities? */
bool target_has_power(const struct target *t);

#endif

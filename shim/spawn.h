/* The spawn door: posix_spawn(3), entering in the child. */
#ifndef SHIM_SPAWN_H
#define SHIM_SPAWN_H

#include <spawn.h>
#include <stdbool.h>
#include <sys/types.h>

/* What one of the functions was asked for. */
struct spawn_request {
	pid_t *pid; /* where to tell its pid, may be null; ... */
	int *pidfd; /* ... or a descriptor of it: null but for pidfd_spawn */
	const char *file;
	bool search; /* along PATH */
	bool shell;  /* the old version: a script without #! is given to /bin/sh */
	const posix_spawn_file_actions_t *actions;
	const posix_spawnattr_t *attr;
	char *const *argv;
	char *const *envp;
};

/*
 * posix_spawn's contract: 0, or the errno, which is errno's new value as well where libc is not
 * asked; where it is 0 errno keeps its own. What certainly no rule fits is libc's to start.
 */
int spawn_door(const struct spawn_request *r);

#endif

/* The attributes of a posix_spawn(3), read by their getters. */
#ifndef SHIM_ATTR_H
#define SHIM_ATTR_H

#include <sched.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct attr {
	int flags;		 /* POSIX_SPAWN_* */
	pid_t pgroup;		 /* 0: one of its own, or not asked for */
	uint64_t defaults, mask; /* sets of signals as the kernel has them */
	int policy;		 /* this and param: as far as flags ask for them */
	struct sched_param param;
	int cgroup; /* -1: the caller's */
};

/* Not for a child. False where a flag is set that is not known here, or a value cannot be read. */
bool attr_read(struct attr *a, const posix_spawnattr_t *from);

/*
 * Gives them to this process, in libc's order, but for the mask, which is the last thing a child
 * wants, and the control group, which it is born into. handlers: those of the parent are still
 * set. later: without what makes it a leader. Returns 0 or an errno. child-safe
 */
int attr_run(const struct attr *a, bool handlers, bool later);

/*
 * Makes this process the leader of a session or a process group of its own, where that is asked.
 * Returns 0 or an errno. child-safe
 */
int attr_lead(const struct attr *a);

#endif

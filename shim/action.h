/* One file action of posix_spawn(3), as glibc has kept it since 2.4, though in no header. */
#ifndef SHIM_ACTION_H
#define SHIM_ACTION_H

#include <sys/types.h>

enum action_tag {
	ACTION_CLOSE,
	ACTION_DUP,
	ACTION_OPEN,
	ACTION_CHDIR,
	ACTION_FCHDIR,
	ACTION_CLOSEFROM,
	ACTION_TCSETPGRP,
	ACTION_TAGS,
};

struct action {
	int tag;
	union {
		int fd;		  /* of all that are not below */
		const char *path; /* ACTION_CHDIR */
		struct {
			int fd, to;
		} dup;
		struct {
			int fd;
			const char *path;
			int flags;
			mode_t mode;
		} open;
	} is;
};

/*
 * Performs it in this process. pgroup: for ACTION_TCSETPGRP; 0: the group one is in. Returns 0 or
 * an errno. child-safe
 */
int action_run(const struct action *x, pid_t pgroup);

#endif

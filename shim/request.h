/* What a door is asked to execute. */
#ifndef SHIM_REQUEST_H
#define SHIM_REQUEST_H

#include <stdbool.h>

#include "shim/place.h"

/* As one of the functions of exec(3) or posix_spawn(3) was asked for it. */
struct exec_request {
	int dirfd;	  /* as execveat(2); AT_FDCWD */
	const char *file; /* a path, or with `search` the name of a program */
	int flags;	  /* as execveat(2) */
	bool search;	  /* a file without a slash is looked for along `path` */
	bool shell;	  /* what the kernel refuses with ENOEXEC is given to /bin/sh */
	const char *path; /* search: the value of PATH; null: unset */
	char *const *argv;
	char *const *envp;
	/* What the program's own process does last before its exec, of which it may be the first
	   thing: null: nothing. Returns 0 or an errno. */
	int (*last)(void *arg);
	void *arg;
	struct place *place; /* where report->later: memory that outlives this process */
};

#endif

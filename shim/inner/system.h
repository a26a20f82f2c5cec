/* Whole file systems, as an entry mounts them. All are child-safe. */
#ifndef SHIM_SYSTEM_H
#define SHIM_SYSTEM_H

#include "shim/inner/files.h"

#define SYSTEM_PTS "newinstance,ptmxmode=0666,mode=620"

/*
 * Mounts a file system at the folder of this descriptor, nosuid and noexec beside the flags of
 * mount(2). 0; -1 and *f, with what to do.
 */
int system_mount(int to, const char *path, const char *type, unsigned long flags,
		 const char *options, struct fault *f);

/* Puts a mount that shows nowhere yet at a path; what fails closes it. 0; -1 and *f. */
int system_attach(struct files *s, int fd, const char *path, struct fault *f);

/* The /proc of the pid namespace at the root to be, where that has such a folder. */
int system_proc(struct files *s, struct fault *f);

#endif

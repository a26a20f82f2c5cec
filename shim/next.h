/* The definitions behind the library's own: libc's, or those of another preloaded library. */
#ifndef SHIM_NEXT_H
#define SHIM_NEXT_H

#include <spawn.h>

typedef int next_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
		       const posix_spawnattr_t *attr, char *const argv[], char *const envp[]);

typedef pid_t next_fork(void);

struct next {
	/* Null: libc's own, which are the bare system calls, or none in this libc (glibc <
	   2.34). */
	int (*execve)(const char *path, char *const argv[], char *const envp[]);
	int (*execveat)(int dirfd, const char *path, char *const argv[], char *const envp[],
			int flags);
	/* Of today, and those that give a script without #! to /bin/sh (glibc < 2.15); null: libc
	   has one version only. */
	next_spawn *spawn, *spawnp, *spawn_old, *spawnp_old;
	next_fork *fork, *bare_fork; /* _Fork; null: glibc < 2.34 */
	int (*attr_getcgroup)(const posix_spawnattr_t *attr, int *fd); /* null: glibc < 2.39 */
};

/* Idempotent stores, no lock; constant afterwards. */
extern struct next next;

/*
 * The exec functions, where another preloaded library may have them too: before main, since a child
 * cannot look symbols up. Each look-up costs two microseconds of a program's start.
 */
void next_resolve_exec(void);

/* The others, when first needed: by posix_spawn's caller. Never in its child. */
void next_resolve_spawn(void);

/*
 * fork and _Fork, when first called: not at every program's start, and by a look-up, since a
 * library that the program is linked with (a sanitizer's) may have its own. The look-up waits for
 * the loader's lock, which is a reason not to make it in a child of a bare clone(2) while there is
 * a choice: a program whose children enter has had it before main.
 */
void next_resolve_fork(void);
void next_resolve_bare_fork(void);

#endif

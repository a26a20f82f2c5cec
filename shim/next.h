/* The next definition of every function that the library replaces and itself calls. */
#ifndef SHIM_NEXT_H
#define SHIM_NEXT_H

#include <spawn.h>

struct next {
	int (*execve)(const char *path, char *const argv[], char *const envp[]);
	int (*execveat)(int dirfd, const char *path, char *const argv[], char *const envp[],
			int flags); /* null: not in this libc (glibc < 2.34) */
	/* posix_spawn and posix_spawnp, in the version of today and in the one that gives a script
	   without #! to /bin/sh (glibc < 2.15); old ones null where libc has one version only. */
	int (*spawn)(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
		     const posix_spawnattr_t *attr, char *const argv[], char *const envp[]);
	int (*spawnp)(pid_t *pid, const char *file, const posix_spawn_file_actions_t *actions,
		      const posix_spawnattr_t *attr, char *const argv[], char *const envp[]);
	int (*spawn_old)(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
			 const posix_spawnattr_t *attr, char *const argv[], char *const envp[]);
	int (*spawnp_old)(pid_t *pid, const char *file, const posix_spawn_file_actions_t *actions,
			  const posix_spawnattr_t *attr, char *const argv[], char *const envp[]);
	int (*attr_getcgroup)(const posix_spawnattr_t *attr, int *fd); /* null: glibc < 2.39 */
};

/* Filled before the first hook goes on (idempotent stores, no lock), constant afterwards. */
extern struct next next;

void next_resolve(void);
void next_resolve_rare(void); /* the last three; when first needed, never in a child */

#endif

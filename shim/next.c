#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>

#include "shim/next.h"
#include "shim/versions.h"

/* Not in musl, which has one version of each. */
void *dlvsym(void *handle, const char *name, const char *version) __attribute__((weak));

struct next next;

void next_resolve_exec(void)
{
	next.execveat = dlsym(RTLD_NEXT, "execveat");
	next.execve = dlsym(RTLD_NEXT, "execve");
}

void next_resolve_spawn(void)
{
	if (next.spawn)
		return;
	next.attr_getcgroup = dlsym(RTLD_NEXT, "posix_spawnattr_getcgroup_np");
#ifdef VERSION_SHELL
	if (dlvsym) {
		next.spawnp_old = dlvsym(RTLD_NEXT, "posix_spawnp", VERSION_TEXT(VERSION_SHELL));
		next.spawn_old = dlvsym(RTLD_NEXT, "posix_spawn", VERSION_TEXT(VERSION_SHELL));
	}
#endif
	next.spawnp = dlsym(RTLD_NEXT, "posix_spawnp");
	next.spawn = dlsym(RTLD_NEXT, "posix_spawn"); /* last: it says that all are there */
}

void next_resolve_fork(void)
{
	if (!next.fork)
		next.fork = dlsym(RTLD_NEXT, "fork");
}

void next_resolve_bare_fork(void)
{
	if (!next.bare_fork)
		next.bare_fork = dlsym(RTLD_NEXT, "_Fork");
}

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>

#include "shim/next.h"

struct next next;

/* Where libc has one version only, the versioned look-up of the old one finds nothing. */
#define OLD "GLIBC_2.2.5"

void next_resolve(void)
{
	next.execveat = dlsym(RTLD_NEXT, "execveat");
	next.spawn = dlsym(RTLD_NEXT, "posix_spawn");
	next.spawnp = dlsym(RTLD_NEXT, "posix_spawnp");
	next.execve = dlsym(RTLD_NEXT, "execve"); /* last: it tells the others are there */
}

/* Looked up when first asked for: few programs do, and each costs a microsecond of a start. */
void next_resolve_rare(void)
{
	next.attr_getcgroup = dlsym(RTLD_NEXT, "posix_spawnattr_getcgroup_np");
	next.spawnp_old = dlvsym(RTLD_NEXT, "posix_spawnp", OLD);
	next.spawn_old = dlvsym(RTLD_NEXT, "posix_spawn", OLD);
}

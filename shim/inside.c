#define _GNU_SOURCE
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/inside.h"
#include "shim/sys.h"

/* kind + 1 in the low byte, the inode above: one store, one load. An inode has 32 bits here. */
static _Atomic unsigned long long marked;

enum { ALONE = 0xff };

static unsigned long long inode(enum ns_kind k)
{
	char path[SYS_NS_PATH];
	struct stat st;

	return stat(sys_ns_path(k, path), &st) ? 0 : st.st_ino;
}

/*
 * Of a process that shares its memory, as a vfork child does, the mark outlives it, and the kernel
 * gives the number of a namespace that has gone to another one: the mark is then that process's
 * alone. 0: of this memory's owner, and all that are forked from it.
 */
static _Atomic pid_t owner;

static pid_t self(void)
{
	return (pid_t)syscall(SYS_getpid);
}

void inside_mark(enum ns_kind k)
{
	unsigned long long ino = k < NS_KINDS ? inode(k) : 0;

	atomic_store(&owner, sys_shares_memory() ? self() : 0);
	atomic_store(&marked, ino ? ino << 8 | (k + 1) : ALONE);
}

bool inside(void)
{
	unsigned long long m = atomic_load_explicit(&marked, memory_order_acquire);
	pid_t whose;

	if (!m)
		return false;
	whose = atomic_load(&owner);
	/* Where no kind tells, whose the memory is does. */
	return (!whose || whose == self()) &&
	       (m == ALONE || inode((enum ns_kind)(m & 0xff) - 1) == m >> 8);
}

#define _GNU_SOURCE
#include <stdatomic.h>
#include <sys/stat.h>

#include "shim/inside.h"
#include "shim/sys.h"

/* kind + 1 in the low byte, the inode above: one store, one load. An inode has 32 bits here. */
static _Atomic unsigned long long marked;

static unsigned long long inode(enum ns_kind k)
{
	char path[SYS_NS_PATH];
	struct stat st;

	return stat(sys_ns_path(k, path), &st) ? 0 : st.st_ino;
}

void inside_mark(enum ns_kind k)
{
	unsigned long long ino = k < NS_KINDS ? inode(k) : 0;

	if (ino)
		atomic_store(&marked, ino << 8 | (k + 1));
}

bool inside(void)
{
	unsigned long long m = atomic_load_explicit(&marked, memory_order_relaxed);

	return m && inode((enum ns_kind)(m & 0xff) - 1) == m >> 8;
}

/* What a pool's fifo holds for each set that is ready: who takes it has the set. */
#ifndef SHIM_TOKEN_H
#define SHIM_TOKEN_H

#include <stdint.h>

/* Written and read by one call, which a fifo never parts (pipe(7)). */
struct token {
	int64_t pid; /* whose namespaces it is */
	/* The inode of its pidfd: no other process will have that (Linux 6.9, where pidfds came to
	   have inodes of their own), whatever becomes of the number. */
	uint64_t inode;
};

#endif

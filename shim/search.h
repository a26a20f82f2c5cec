/* The search for a program along PATH, as execvp(3) and posix_spawnp(3) of libc do it. */
#ifndef SHIM_SEARCH_H
#define SHIM_SEARCH_H

#include <stdbool.h>

/* Tries one file, and returns only where that failed: the errno; *stop ends the search with it. */
typedef int search_try(void *ctx, const char *path, bool *stop);

/*
 * Tries `file` in each part of `path` (null: PATH is unset). Returns the errno that libc's own
 * functions leave. child-safe where what is tried is
 */
int search(const char *path, const char *file, search_try *try, void *ctx);

#endif

/* The search for a program along PATH, as execvp(3) and posix_spawnp(3) of libc do it. */
#ifndef SHIM_SEARCH_H
#define SHIM_SEARCH_H

#include <stdbool.h>

/* Tries one file, and returns only where that failed: the errno; *stop ends the search with it. */
typedef int search_try(void *ctx, const char *path, bool *stop);

/* The file is looked for along PATH, and may be one of several: no slash is in it. */
bool search_is_along(const char *file);

/* Not there, in one way or another: the next part of PATH may have it. */
bool search_goes_on(int err);

/*
 * Tries `file` in each part of `path` (null: PATH is unset), or alone where a slash is in it. Returns
 * the errno that libc's own functions leave. child-safe where what is tried is
 */
int search(const char *path, const char *file, search_try *try, void *ctx);

#endif

/*
 * Memory that is given back all at once, from mmap(2), or, the first small one, static: no malloc,
 * so child-safe throughout.
 */
#ifndef CONF_ARENA_H
#define CONF_ARENA_H

#include <stddef.h>

struct arena;

/* Maps an arena with room for `first` bytes before it has to map more. Null: no memory. */
struct arena *arena_new(size_t first);

/* `size` zero bytes, aligned for a pointer. Null: no memory. */
void *arena_alloc(struct arena *a, size_t size);

/* A copy of len bytes, with a terminator. Null: no memory. */
char *arena_text(struct arena *a, const char *text, size_t len);

void arena_free(struct arena *a); /* null is allowed */

#endif

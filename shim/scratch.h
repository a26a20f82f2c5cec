/*
 * Room that is too large for the stack: a thread's may be 16 KiB in all. Mappings of its thread,
 * used again by its next child, since what a vfork child maps stays in its parent. All of it is
 * child-safe.
 */
#ifndef SHIM_SCRATCH_H
#define SHIM_SCRATCH_H

#include <alloca.h>
#include <stddef.h>

enum { SCRATCH_FROM = 1024 }; /* bytes: as many the stack has */

/* `size` bytes for as long as the calling function runs: of its stack, or by scratch_room(). */
#define scratch_or_stack(size) ((size) <= SCRATCH_FROM ? alloca(size) : scratch_room(size))
#define scratch_or_stack_done(room, size)                                                          \
	((size) <= SCRATCH_FROM ? (void)0 : scratch_done(room, size))

enum scratch_path { SCRATCH_TARGET, SCRATCH_CWD, SCRATCH_FILES, SCRATCH_PATHS };

/* PATH_MAX bytes; null: ENOMEM. What is in them stays until the same one is asked for again. */
char *scratch_path(enum scratch_path which);

/*
 * `size` bytes, aligned for anything, until scratch_done() with the same size, or an exec; null:
 * ENOMEM. There are two at a time; who asks for more, as a signal handler may, gets others.
 */
void *scratch_room(size_t size);
void scratch_done(void *room, size_t size);

/* What a child of this thread had of its memory it has left, by its exec or its end. */
void scratch_left(void);

#endif

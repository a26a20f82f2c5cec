#define _GNU_SOURCE
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "conf/arena.h"

/* One mapping. The first is the arena, and its at and end are those of the newest. */
struct arena {
	struct arena *next; /* newest first */
	char *at, *end;
	size_t size;
};

enum { PAGE = 4096, ALIGN = sizeof(void *), FEW = 16 * PAGE, CHUNK_MOST = 1 << 20 };

/*
 * A few pages are all used: taken in this one call they cost less than a fault for each. Huge pages
 * for many were tried: 0.6 ms less, or 4 ms more where the kernel has to make one.
 */
static struct arena *map(size_t size)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS;
	struct arena *a;

	size = (size + sizeof *a + PAGE - 1) & ~(size_t)(PAGE - 1);
	if (size <= FEW)
		flags |= MAP_POPULATE;
	a = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, -1, 0);
	if (a == MAP_FAILED)
		return NULL;
	a->size = size;
	a->at = (char *)(a + 1);
	a->end = (char *)a + size;
	return a;
}

/*
 * The first small one comes from memory that is there anyway: every process that a wrapped program
 * starts reads a profile, and a mapping is a tenth of what that takes.
 */
static char room[2560] __attribute__((aligned(ALIGN)));
static atomic_int taken; /* no atomic_bool: some machines exchange whole words only */

static struct arena *from_room(size_t size)
{
	struct arena *a = (struct arena *)room;

	if (size > sizeof room || atomic_exchange(&taken, 1))
		return NULL;
	memset(room, 0, sizeof room); /* it may have been another's */
	a->size = sizeof room;
	a->at = (char *)(a + 1);
	a->end = room + sizeof room;
	return a;
}

struct arena *arena_new(size_t first)
{
	struct arena *a = from_room(first + sizeof *a);

	return a ? a : map(first);
}

/* Each mapping is twice as large as the one before, up to a limit: few calls, little unused. */
static bool grow(struct arena *a, size_t need)
{
	size_t size = 2 * (a->next ? a->next : a)->size;
	struct arena *more;

	if (size > CHUNK_MOST)
		size = CHUNK_MOST;
	more = map(need > size ? need : size);
	if (!more)
		return false;
	a->at = more->at;
	a->end = more->end;
	more->next = a->next;
	a->next = more;
	return true;
}

static void *take(struct arena *a, size_t size, size_t align)
{
	uintptr_t skip = -(uintptr_t)a->at & (align - 1);
	char *at;

	if (size > PTRDIFF_MAX / 2)
		return NULL;
	if (size + skip > (size_t)(a->end - a->at)) {
		if (!grow(a, size))
			return NULL;
		skip = 0; /* a mapping begins aligned */
	}
	at = a->at + skip;
	a->at = at + size;
	return at;
}

void *arena_alloc(struct arena *a, size_t size)
{
	return take(a, size, ALIGN);
}

char *arena_text(struct arena *a, const char *text, size_t len)
{
	char *copy = take(a, len + 1, 1);

	return copy ? memcpy(copy, text, len) : NULL; /* the terminator: the mapping was zero */
}

void arena_free(struct arena *a)
{
	struct arena *each = a ? a->next : NULL;

	while (each) {
		struct arena *next = each->next;

		munmap(each, each->size);
		each = next;
	}
	if (a == (struct arena *)room)
		taken = false;
	else if (a)
		munmap(a, a->size);
}

#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <sys/mman.h>

#include "shim/scratch.h"

/*
 * Whose it is, is told by an address in the thread's own storage. Nothing is freed when a thread
 * ends: libc gives its storage to the next one, which finds what belongs to that address. Beyond
 * the table a mapping is made each time and stays.
 */
static struct slot {
	const char *_Atomic owner;
	char *paths;
	void *room;
	size_t size;
} slots[64];

static __thread __attribute__((tls_model("initial-exec"))) char here;

static struct slot *own_slot(void)
{
	for (size_t i = 0; i < sizeof slots / sizeof *slots; i++) {
		const char *none = NULL;

		if (slots[i].owner == &here ||
		    atomic_compare_exchange_strong(&slots[i].owner, &none, &here))
			return &slots[i];
	}
	return NULL;
}

static void *map(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at != MAP_FAILED)
		return at;
	errno = ENOMEM;
	return NULL;
}

char *scratch_path(enum scratch_path which)
{
	struct slot *s = own_slot();
	char *paths = s && s->paths ? s->paths : map(SCRATCH_PATHS * PATH_MAX);

	if (s)
		s->paths = paths;
	return paths ? paths + which * PATH_MAX : NULL;
}

void *scratch_room(size_t size)
{
	enum { STEP = 64 << 10 };
	size_t rounded = (size + STEP - 1) & ~(size_t)(STEP - 1);
	struct slot *s = own_slot();
	void *room;

	if (s && size <= s->size)
		return s->room;
	room = map(rounded);
	if (!s || !room)
		return room;
	if (s->room)
		munmap(s->room, s->size);
	s->room = room;
	s->size = rounded;
	return room;
}

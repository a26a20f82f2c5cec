#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/scratch.h"

/*
 * Whose it is, is told by an address in the thread's own storage. Nothing is freed when a thread
 * ends: libc gives its storage to the next one, which finds what belongs to that address.
 */
struct slot {
	const char *_Atomic owner;
	char *paths;
	void *room;
	size_t size;
	pid_t user; /* of room, now: 0, or a thread, which may have executed another program since */
};

struct table {
	struct slot slot[64];
	struct table *_Atomic next; /* made when this one is full */
};

static struct table first;

static __thread __attribute__((tls_model("initial-exec"))) char here;

static void *map(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at != MAP_FAILED)
		return at;
	errno = ENOMEM;
	return NULL;
}

static struct slot *slot_in(struct table *t)
{
	for (size_t i = 0; i < sizeof t->slot / sizeof *t->slot; i++) {
		const char *none = NULL;

		if (t->slot[i].owner == &here ||
		    atomic_compare_exchange_strong(&t->slot[i].owner, &none, &here))
			return &t->slot[i];
	}
	return NULL;
}

static struct table *after(struct table *t)
{
	struct table *next = atomic_load(&t->next);
	struct table *none = NULL;

	if (next)
		return next;
	next = map(sizeof *next);
	if (!next || atomic_compare_exchange_strong(&t->next, &none, next))
		return next;
	munmap(next, sizeof *next); /* another thread was first */
	return none;
}

/* Null: no memory. */
static struct slot *own_slot(void)
{
	struct slot *s = NULL;

	for (struct table *t = &first; t && !s; t = s ? t : after(t))
		s = slot_in(t);
	return s;
}

char *scratch_path(enum scratch_path which)
{
	struct slot *s = own_slot();

	if (s && !s->paths)
		s->paths = map(SCRATCH_PATHS * PATH_MAX);
	return s && s->paths ? s->paths + which * PATH_MAX : NULL;
}

static pid_t self(void)
{
	return (pid_t)syscall(SYS_gettid);
}

static size_t round_up(size_t size)
{
	enum { STEP = 64 << 10 };

	return (size + STEP - 1) & ~(size_t)(STEP - 1);
}

void *scratch_room(size_t size)
{
	size_t rounded = round_up(size);
	struct slot *s = own_slot();
	pid_t user = self();
	void *room;

	if (!s)
		return NULL;
	if (s->user == user)
		return map(rounded);
	if (size > s->size) {
		room = map(rounded);
		if (!room)
			return NULL;
		if (s->room)
			munmap(s->room, s->size);
		s->room = room;
		s->size = rounded;
	}
	s->user = user;
	return s->room;
}

void scratch_done(void *room, size_t size)
{
	struct slot *s = own_slot();
	int saved = errno;

	if (s && s->room == room)
		s->user = 0;
	else if (room)
		munmap(room, round_up(size));
	errno = saved;
}

void scratch_left(void)
{
	struct slot *s = own_slot();

	if (s && s->user != self())
		s->user = 0;
}

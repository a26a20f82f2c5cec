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
struct room {
	void *at;
	size_t size;
	pid_t user; /* now: 0, or a thread, which may have executed another program since */
};

/* What an exec is given has a room, and the filter that comes before it another at that time. */
enum { ROOMS = 2 };

struct slot {
	const char *_Atomic owner;
	char *paths;
	struct room room[ROOMS];
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

/* The first that is not in use; null: there is none. */
static struct room *free_room(struct slot *s, pid_t user)
{
	for (int i = 0; i < ROOMS; i++)
		if (s->room[i].user != user)
			return &s->room[i];
	return NULL;
}

void *scratch_room(size_t size)
{
	size_t rounded = round_up(size);
	struct slot *s = own_slot();
	pid_t user = self();
	struct room *r;
	void *at;

	if (!s)
		return NULL;
	r = free_room(s, user);
	if (!r)
		return map(rounded);
	if (size > r->size) {
		at = map(rounded);
		if (!at)
			return NULL;
		if (r->at)
			munmap(r->at, r->size);
		r->at = at;
		r->size = rounded;
	}
	r->user = user;
	return r->at;
}

/* Without a system call, of the two: there may be a filter by now. */
void scratch_done(void *room, size_t size)
{
	struct slot *s = own_slot();
	int saved = errno, i = 0;

	while (s && i < ROOMS && s->room[i].at != room)
		i++;
	if (s && i < ROOMS)
		s->room[i].user = 0;
	else if (room)
		munmap(room, round_up(size));
	errno = saved;
}

void scratch_left(void)
{
	struct slot *s = own_slot();
	pid_t user = self();

	for (int i = 0; s && i < ROOMS; i++)
		if (s->room[i].user != user)
			s->room[i].user = 0;
}

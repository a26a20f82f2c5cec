#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "shim/command/trace/history.h"

enum { HASH = 4096 };

long long history_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (long long)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Room for one more, doubled where it is used up. */
static void *grown(void *all, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return all;
	*room = 2 * *room + 64;
	all = reallocarray(all, *room, size);
	if (!all)
		abort();
	return all;
}

static int *bucket(const struct history *h, pid_t pid)
{
	return &h->hash[(unsigned)pid % HASH];
}

static void make_hash(struct history *h)
{
	h->hash = malloc(HASH * sizeof *h->hash);
	if (!h->hash)
		abort();
	for (int i = 0; i < HASH; i++)
		h->hash[i] = -1;
}

int history_add(struct history *h, unsigned long pidns, pid_t pid, long long born)
{
	int i = (int)h->processes++;
	int *first;

	if (!h->hash)
		make_hash(h);
	h->process = grown(h->process, (size_t)i, &h->process_room, sizeof *h->process);
	first = bucket(h, pid);
	h->process[i] = (struct process){
		.pidns = pidns, .pid = pid, .parent = -1, .next = *first, .born = born
	};
	*first = i;
	return i;
}

struct event *history_event(struct history *h, int process, enum event_what what, long long when)
{
	size_t i = h->events++;

	h->event = grown(h->event, i, &h->event_room, sizeof *h->event);
	h->event[i] = (struct event){ .what = what, .process = process, .order = i, .when = when };
	return &h->event[i];
}

char *history_text(const char *text)
{
	char *s = strdup(text);

	if (!s)
		abort();
	return s;
}

void history_say(struct history *h, char *line)
{
	h->said = reallocarray(h->said, h->lines + 1, sizeof *h->said);
	if (!h->said)
		abort();
	h->said[h->lines++] = line;
}

static bool was_there(const struct process *p, long long when)
{
	return p->born <= when && (!p->ended || when <= p->ended);
}

/*
 * By the number that it has in its own namespace, or in that of its parent: which of its levels
 * that is, the level of any process says that is in there itself.
 */
static int find_inside(const struct history *h, unsigned long pidns, pid_t pid, long long when)
{
	unsigned level = 0;

	for (size_t i = 0; i < h->processes && !level; i++)
		if (h->process[i].inner == pidns)
			level = h->process[i].levels;
	for (size_t i = h->processes; level && i-- > 0;) {
		const struct process *p = &h->process[i];

		if (level > p->levels || p->level[level - 1] != pid || !was_there(p, when))
			continue;
		/* Of several such namespaces it is in this one, or its parent is. */
		if (p->inner == pidns || (p->parent >= 0 && h->process[p->parent].inner == pidns))
			return (int)i;
	}
	return -1;
}

int history_find(const struct history *h, unsigned long pidns, pid_t pid, long long when)
{
	if (!h->hash)
		return -1;
	for (int i = *bucket(h, pid); i >= 0; i = h->process[i].next) {
		const struct process *p = &h->process[i];

		if (p->pid == pid && (p->pidns == pidns || !pidns) &&
		    (!p->followed || was_there(p, when)))
			return i;
	}
	return !pidns ? -1 : find_inside(h, pidns, pid, when);
}

static int by_time(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	if (x->when != y->when)
		return x->when < y->when ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

void history_sort(struct history *h)
{
	if (h->events)
		qsort(h->event, h->events, sizeof *h->event, by_time);
}

void history_free(struct history *h)
{
	for (size_t i = 0; i < h->events; i++) {
		struct event *e = &h->event[i];

		free(e->program);
		free(e->path);
		free(e->door);
		free(e->rule);
		free(e->namespaces);
	}
	for (size_t i = 0; i < h->lines; i++)
		free(h->said[i]);
	free(h->said);
	free(h->event);
	free(h->process);
	free(h->hash);
	memset(h, 0, sizeof *h);
}

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shim/command/import/list.h"
#include "shim/command/import/unit/places.h"

/* What is so at a path and below it, up to the next place. */
struct extent {
	const struct place *place; /* the first that is said of the path */
	const struct place *mount; /* null: none */
	bool hidden, ro, noexec;
	bool own; /* in a mount of the rule's, where what lies outside is not to be seen */
};

void places_add(struct places *p, const struct place *one)
{
	if (p->count == p->room) {
		p->room = 2 * p->room + 32;
		p->place = reallocarray(p->place, p->room, sizeof *p->place);
		if (!p->place)
			abort();
	}
	p->place[p->count++] = *one;
}

bool places_there(const struct places *p, const char *path)
{
	return !access(unit_print(p->u, "%s%s", p->root, path), F_OK);
}

/* A folder goes right before what is in it: a slash is less than all that names have. */
static int compare(const void *left, const void *right)
{
	const struct place *a = left, *b = right;
	const char *c = a->path, *d = b->path;

	for (; *c && *c == *d; c++)
		d++;
	if (*c != *d)
		return (*c == '/' ? 1 : (unsigned char)*c) - (*d == '/' ? 1 : (unsigned char)*d);
	return a->mode != b->mode ? (int)a->mode - (int)b->mode : (a > b) - (a < b);
}

static bool is_below(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	return !folder[1] || (!strncmp(path, folder, len) && path[len] == '/');
}

static const struct extent *around(const struct extent *all, size_t n, const char *path)
{
	static const struct extent outside;

	while (n--)
		if (is_below(path, all[n].place->path))
			return all + n;
	return &outside;
}

static void at(struct places *p, const struct place *place)
{
	p->u->w->file = place->by ? place->by->file : NULL;
	p->u->w->line = place->by ? place->by->number : 0;
}

/* `bind` from outside, where `root` is another mount: what is read-only inside is not so there. */
static void put_bind(struct places *p, const struct place *place, const char *from, bool rec,
		     bool ro, bool noexec)
{
	char a[WRITTEN_WORD], b[WRITTEN_WORD], all[40] = "";

	if (rec)
		list_add(all, sizeof all, "rec");
	if (ro)
		list_add(all, sizeof all, "ro");
	if (noexec)
		list_add(all, sizeof all, "noexec");
	if (place->optional)
		list_add(all, sizeof all, "optional");
	written_line(p->u->w, "bind", "%s %s%s%s", written_word(a, from),
		     written_word(b, place->path), all[0] ? " " : "", all);
}

/* In a tmpfs that is read-only by the time of their turn, places are made before. */
static void make_room(struct places *p, const struct place *tmpfs)
{
	const struct place *end = p->place + p->count, *one = tmpfs, *inner = NULL;
	char word[WRITTEN_WORD];
	struct stat st;

	while (++one < end &&
	       (!strcmp(one->path, tmpfs->path) || is_below(one->path, tmpfs->path))) {
		if (one->mode > PLACE_DEV || !strcmp(one->path, tmpfs->path) ||
		    (inner && is_below(one->path, inner->path)))
			continue;
		inner = one;
		at(p, one);
		written_word(word, one->path);
		if (one->mode == PLACE_BIND && !stat(one->from, &st) && !S_ISDIR(st.st_mode))
			written_line(p->u->w, "file", "%s -", word);
		else
			written_line(p->u->w, "dir", "%s", word);
	}
	at(p, tmpfs);
}

static void put_mount(struct places *p, const struct extent *e)
{
	const struct place *m = e->mount;
	struct written *w = p->u->w;
	char word[WRITTEN_WORD];

	written_word(word, m->path);
	switch (m->mode) {
	case PLACE_HIDE:
		written_line(w, "hide", "%s%s", word, m->optional ? " optional" : "");
		break;
	case PLACE_BIND:
		put_bind(p, m, m->from, !m->words, e->ro, e->noexec);
		break;
	case PLACE_DEV:
		written_line(w, "dev", "%s", word);
		written_line(w, "symlink", "/run/systemd/journal/dev-log %s/log", m->path);
		break;
	default:
		written_line(w, "tmpfs", "%s %s", word, m->words);
		if (!e->ro)
			break;
		make_room(p, m);
		written_line(w, "ro", "%s", word);
		break;
	}
}

/* The path is another than what it lies in; nothing of it has been mounted yet. */
static void put_change(struct places *p, const struct extent *e, const struct extent *in)
{
	const struct place *place = e->place;
	char word[WRITTEN_WORD];

	if (e->ro == in->ro && e->noexec == in->noexec)
		return;
	if (place->by && in->own)
		unit_lost(p->u, place->by, "it would lie in an empty folder");
	else if (place->by && e->noexec && !place->path[1])
		unit_lost(p->u, place->by, "of the root itself");
	else if (e->noexec == in->noexec && e->ro)
		written_line(p->u->w, "ro", "%s", written_word(word, place->path));
	else
		put_bind(p, place, unit_print(p->u, "%s%s", p->root, place->path), true, e->ro,
			 e->noexec);
}

static void take(struct extent *e, const struct place *place)
{
	switch (place->mode) {
	case PLACE_RO:
	case PLACE_RW:
		e->ro = place->mode == PLACE_RO || (e->mount && e->mount->ro);
		break;
	case PLACE_NOEXEC:
	case PLACE_EXEC:
		e->noexec = place->mode == PLACE_NOEXEC;
		break;
	case PLACE_LEFT:
		e->ro = e->mount && e->mount->ro;
		break;
	default:
		e->mount = place;
		e->hidden = place->mode == PLACE_HIDE;
		e->ro = place->ro;
		e->noexec = false;
		e->own = place->mode != PLACE_BIND;
		break;
	}
}

/* What is mounted, whether it is writable, whether it is executable: one of each counts. */
static int sort_of(enum place_mode mode)
{
	return mode <= PLACE_DEV ? 0 : mode == PLACE_NOEXEC || mode == PLACE_EXEC ? 1 : 2;
}

static bool is_settled(const struct place *first, const struct place *place)
{
	while (first < place && sort_of(first->mode) != sort_of(place->mode))
		first++;
	return first < place;
}

/* Mounts that may be missing, but have no word for that. */
static bool is_idle(const struct places *p, const struct place *place)
{
	return place->optional && place->mode != PLACE_HIDE && place->mode != PLACE_BIND &&
	       !places_there(p, place->path);
}

static void put_all(struct places *p, struct extent *all)
{
	const struct place *place = p->place, *end = place + p->count, *next;
	size_t n = 0;

	for (; place < end; place = next) {
		const struct extent *in = around(all, n, place->path);
		struct extent *e = all + n;

		*e = *in;
		e->place = place;
		e->mount = NULL;
		for (next = place; next < end && !strcmp(next->path, place->path); next++)
			if (!is_settled(place, next) && !is_idle(p, next))
				take(e, next);
		if (in->hidden)
			continue;
		n++;
		at(p, place);
		if (e->mount)
			put_mount(p, e);
		else
			put_change(p, e, in);
	}
}

void places_write(struct places *p)
{
	char word[WRITTEN_WORD];
	struct extent *all;

	if (!p->count && !p->root[0])
		return;
	all = calloc(p->count + 1, sizeof *all);
	if (!all)
		abort();
	if (p->count)
		qsort(p->place, p->count, sizeof *p->place, compare);
	p->u->w->file = NULL;
	written_line(p->u->w, "root", "%s", p->root[0] ? written_word(word, p->root) : "/");
	put_all(p, all);
	free(all);
	free(p->place);
	p->u->w->file = NULL;
}

#include <stdbool.h>
#include <string.h>

#include "conf/arena.h"
#include "conf/pattern.h"
#include "conf/table.h"
#include "shim/command/shadow.h"

struct entry {
	const char *pattern;
	const struct rule *rule;
};

/*
 * Each pattern of each rule that takes always, in the order of the file, and in the table by its text.
 * One with special characters is in a chain too, under its number and `count`: those are tried one by
 * one, where a pattern is asked for that they could fit.
 */
struct shadow {
	struct table table;
	struct entry *entry; /* from 1 on */
	uint32_t count;
	uint32_t paths, names;	  /* the chains, of those with a slash and without */
	const struct rule *every; /* the first that has no match */
};

/* What stands after the last slash, where nothing in it is special; null. */
static const char *plain_base(const char *pattern)
{
	const char *base = pattern_base(pattern);

	return pattern_literal(base) ? base : NULL;
}

static bool is_path(const char *pattern)
{
	return strchr(pattern, '/') && pattern_literal(pattern);
}

/* Does all that the pattern b fits fit a too? No, where it is not plain to see. */
static bool covers(const char *a, const char *b)
{
	if (!strcmp(a, b) || !strcmp(a, "*"))
		return true;
	if (strchr(a, '/'))
		return is_path(b) && pattern_could(a, pattern_base(b)) && pattern_fits(a, b);
	return plain_base(b) && pattern_fits(a, plain_base(b));
}

static bool takes(const struct rule *before, const char *pattern)
{
	for (const char *const *m = before->match; *m; m++)
		if (covers(*m, pattern))
			return true;
	return false;
}

static bool takes_all(const struct rule *before, const struct rule *r)
{
	const char *const *m = r->match;

	while (*m && takes(before, *m))
		m++;
	return !*m;
}

/* Lists them; without room for the list it counts alone. */
static void list(struct shadow *s, const struct profile *p)
{
	s->count = 0;
	for (const struct rule *r = p->rule; r < p->rule + p->rules; r++) {
		if (r->template || r->conditions || *r->except)
			continue;
		if (!*r->match && !s->every)
			s->every = r;
		for (const char *const *m = r->match; *m; m++) {
			s->count++;
			if (s->entry)
				s->entry[s->count] = (struct entry){ *m, r };
		}
	}
}

static void enter(struct shadow *s, uint32_t number)
{
	const char *pattern = s->entry[number].pattern;

	table_add(&s->table, table_hash(pattern, strlen(pattern)), number);
	if (!pattern_literal(pattern))
		table_chain(&s->table, strchr(pattern, '/') ? &s->paths : &s->names,
			    s->count + number);
}

struct shadow *shadow_list(const struct profile *p)
{
	struct shadow *s = arena_alloc(p->arena, sizeof *s);

	if (!s)
		return NULL;
	list(s, p);
	s->entry = arena_alloc(p->arena, ((size_t)s->count + 1) * sizeof *s->entry);
	if (!s->entry || !table_make(&s->table, p->arena, 2 * s->count))
		return NULL;
	list(s, p);
	/* From the last on, since a chain begins with what was entered last. */
	for (uint32_t n = s->count; n; n--)
		enter(s, n);
	return s;
}

/* The first of a chain that takes all that r does, if it is before `best`; else that. */
static const struct rule *first(const struct shadow *s, uint32_t number, const struct rule *r,
				const struct rule *best)
{
	for (; number; number = table_next(&s->table, number)) {
		const struct rule *b =
			s->entry[number > s->count ? number - s->count : number].rule;

		if (b >= best)
			break;
		if (takes_all(b, r))
			return b;
	}
	return best;
}

static const struct rule *same(const struct shadow *s, const char *pattern, const struct rule *r,
			       const struct rule *best)
{
	return first(s, table_first(&s->table, table_hash(pattern, strlen(pattern))), r, best);
}

const struct rule *shadow_of(const struct shadow *s, const struct rule *r)
{
	const char *pattern = *r->match;
	const struct rule *best = s->every && s->every < r ? s->every : r;

	/* One that takes all of it takes the first of its patterns. */
	if (pattern) {
		best = same(s, pattern, r, best);
		best = same(s, "*", r, best);
		if (is_path(pattern))
			best = first(s, s->paths, r, best);
		if (plain_base(pattern)) {
			best = same(s, plain_base(pattern), r, best);
			best = first(s, s->names, r, best);
		}
	}
	return best < r ? best : NULL;
}

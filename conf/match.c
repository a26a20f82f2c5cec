#include <string.h>

#include "conf/arena.h"
#include "conf/match.h"
#include "conf/pattern.h"
#include "conf/table.h"

struct entry {
	const char *pattern; /* null: of a rule that has none, which fits every program */
	const struct rule *rule;
};

/*
 * All match patterns, numbered from 1 in file order. A program meets two chains of them: the exact
 * ones that end in its own last component, which the table finds, and every wild one.
 */
struct index {
	struct table table;
	struct entry *entry;
	uint32_t wild;
};

/* Where a walk over both chains stands. */
struct walk {
	const struct index *index;
	uint32_t exact, wild;
};

/* The path of the subject that is at hand: asking for one may spoil the other. */
struct view {
	struct subject *s;
	enum { NOTHING, SPELLED, RESOLVED } held;
	const char *path;
};

enum answer { NO, YES, UNRESOLVED /* not as it is spelled, but the resolved path might fit */ };

/*
 * The last component of a pattern that has nothing special in it; null: it has, or a bracket, which
 * might hold the slash that seems to part it off, stands anywhere.
 */
static const char *exact_base(const char *pattern)
{
	const char *base = pattern;
	bool wild = false;

	for (; *pattern; pattern++) {
		if (*pattern == '[' || *pattern == '\\')
			return NULL;
		if (*pattern == '*' || *pattern == '?')
			wild = true;
		if (*pattern == '/') {
			base = pattern + 1;
			wild = false;
		}
	}
	return wild ? NULL : base;
}

static void enter(struct index *x, uint32_t number)
{
	const char *pattern = x->entry[number].pattern;
	const char *base = pattern ? exact_base(pattern) : NULL;

	if (base)
		table_add(&x->table, table_hash(base, strlen(base)), number);
	else
		table_chain(&x->table, &x->wild, number);
}

/* Lists each pattern of each rule, and counts them; without room for the list it counts alone. */
static uint32_t list(struct index *x, const struct profile *p)
{
	uint32_t n = 0;

	for (const struct rule *r = p->rule; r < p->rule + p->rules; r++) {
		const char *const *m = r->match;

		if (r->template)
			continue;
		do {
			n++;
			if (x->entry)
				x->entry[n] = (struct entry){ .pattern = *m, .rule = r };
		} while (*m && *++m);
	}
	return n;
}

struct index *match_index(const struct profile *p)
{
	struct index *x = arena_alloc(p->arena, sizeof *x);
	uint32_t n;

	if (!x)
		return NULL;
	n = list(x, p);
	x->entry = arena_alloc(p->arena, ((size_t)n + 1) * sizeof *x->entry);
	if (!x->entry || !table_make(&x->table, p->arena, n))
		return NULL;
	list(x, p);
	/* From the last on, since a chain begins with what was entered last. */
	for (; n; n--)
		enter(x, n);
	return x;
}

static struct walk walk_from(const struct profile *p, const char *base)
{
	const struct index *x = p->index;

	return (struct walk){
		.index = x,
		.exact = table_first(&x->table, table_hash(base, strlen(base))),
		.wild = x->wild,
	};
}

static const struct entry *step(struct walk *w)
{
	bool exact = w->exact && (!w->wild || w->exact < w->wild);
	uint32_t *at = exact ? &w->exact : &w->wild, number = *at;

	if (!number)
		return NULL;
	*at = table_next(&w->index->table, number);
	return &w->index->entry[number];
}

static const char *path_of(struct view *v, bool resolved)
{
	if (v->held != (resolved ? RESOLVED : SPELLED)) {
		v->held = resolved ? RESOLVED : SPELLED;
		v->path = resolved ? v->s->resolved(v->s) : v->s->absolute(v->s);
	}
	return v->path;
}

static bool could(const char *pattern, const char *base)
{
	if (!pattern)
		return true;
	return strchr(pattern, '/') ? pattern_could(pattern, base) : pattern_fits(pattern, base);
}

static enum answer fits_spelled(struct view *v, const char *pattern)
{
	const char *path;

	if (!could(pattern, v->s->base))
		return NO;
	if (!pattern || !strchr(pattern, '/'))
		return YES;
	path = path_of(v, false);
	if (path && pattern_fits(pattern, path))
		return YES;
	return pattern_ends(pattern, v->s->base) ? UNRESOLVED : NO;
}

static bool fits_resolved(struct view *v, const char *pattern)
{
	const char *path;

	if (!pattern || !strchr(pattern, '/') || !pattern_ends(pattern, v->s->base))
		return false;
	/* /usr/bin/vi is /bin/vi, though neither is the /usr/bin/vim.basic that both resolve to. */
	if (pattern_literal(pattern))
		return v->s->same(v->s, pattern);
	path = path_of(v, true);
	return path && pattern_fits(pattern, path);
}

static bool excepted_spelled(struct view *v, const struct rule *r, bool *unresolved)
{
	bool open = false;

	for (const char *const *e = r->except; *e; e++) {
		enum answer a = fits_spelled(v, *e);

		if (a == YES)
			return true;
		open |= a == UNRESOLVED;
	}
	*unresolved |= open;
	return false;
}

static bool excepted_resolved(struct view *v, const struct rule *r)
{
	for (const char *const *e = r->except; *e; e++)
		if (fits_resolved(v, *e))
			return true;
	return false;
}

static bool holds(struct view *v, const struct rule *r)
{
	return !r->conditions || !v->s->holds || v->s->holds(v->s, r);
}

/* The next rule that fits by spelling; *unresolved: one up to it might be decided by resolving. */
static const struct rule *next_spelled(struct view *v, struct walk *w, bool *unresolved)
{
	const struct entry *e;

	while ((e = step(w))) {
		enum answer a = fits_spelled(v, e->pattern);

		*unresolved |= a == UNRESOLVED;
		if (a == YES && !excepted_spelled(v, e->rule, unresolved) && holds(v, e->rule))
			return e->rule;
	}
	return NULL;
}

/* The first rule before `end` (null: of all) that fits when links are resolved. */
static const struct rule *first_resolved(struct view *v, struct walk w, const struct rule *end)
{
	const struct entry *e;
	bool ignored = false;

	while ((e = step(&w)) && (!end || e->rule < end))
		if (fits_resolved(v, e->pattern) && !excepted_resolved(v, e->rule) &&
		    !excepted_spelled(v, e->rule, &ignored) && holds(v, e->rule))
			return e->rule;
	return NULL;
}

/*
 * All that can be decided by spelling is, before anything is resolved: rule by rule would resolve
 * for the first rule what a later one knows by name, and go to and fro between the two paths.
 */
const struct rule *match_first(const struct profile *p, struct subject *s)
{
	struct view v = { .s = s };
	struct walk w = walk_from(p, s->base);

	for (;;) {
		struct walk from = w;
		bool unresolved = false;
		const struct rule *r = next_spelled(&v, &w, &unresolved), *earlier;

		if (!unresolved)
			return r;
		earlier = first_resolved(&v, from, r);
		if (earlier || !r || !excepted_resolved(&v, r))
			return earlier ? earlier : r;
	}
}

bool match_could(const struct profile *p, const char *base)
{
	struct walk w = walk_from(p, base);
	const struct entry *e;

	while ((e = step(&w))) {
		const char *const *x = e->rule->except;

		if (!could(e->pattern, base))
			continue;
		while (*x && (strchr(*x, '/') || !pattern_fits(*x, base)))
			x++;
		if (!*x)
			return true;
	}
	return false;
}

/* The first of the patterns that fits, by spelling or resolved; null. */
static const char *first_fit(struct view *v, const char *const *list)
{
	for (; *list; list++)
		if (fits_spelled(v, *list) == YES || fits_resolved(v, *list))
			return *list;
	return NULL;
}

enum verdict match_verdict(const struct rule *r, struct subject *s, const char **pattern)
{
	struct view v = { .s = s };
	const char *except;

	*pattern = first_fit(&v, r->match);
	if (r->template)
		return VERDICT_TEMPLATE;
	if (*r->match && !*pattern)
		return VERDICT_MATCH;
	except = first_fit(&v, r->except);
	if (except) {
		*pattern = except;
		return VERDICT_EXCEPT;
	}
	return holds(&v, r) ? VERDICT_FITS : VERDICT_CONDITION;
}

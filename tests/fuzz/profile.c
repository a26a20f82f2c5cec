/*
 * libFuzzer over the profile reader: any bytes, as a file and as an inline rule. What is refused
 * was told, in the order of the lines; what is accepted holds only what it may.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "conf/match.h"
#include "conf/pattern.h"

#define MUST(condition)                                                                            \
	do {                                                                                       \
		if (!(condition))                                                                  \
			abort();                                                                   \
	} while (0)

struct told {
	unsigned count;
	int line;
};

static void say(void *ctx, const struct fault *f)
{
	struct told *t = ctx;
	char line[FAULT_TEXT];
	size_t n = fault_text(f, line, sizeof line);

	MUST(n && n < sizeof line && line[n - 1] == '\n' && strlen(line) == n);
	MUST(memchr(line, '\n', n) == line + n - 1);
	MUST(f->line >= t->line && f->line > 0 && f->why[0]);
	MUST(f->op[0]);
	t->line = f->line;
	t->count++;
}

static bool collide(const struct idmap_extent *a, const struct idmap_extent *b)
{
	uint64_t in = a->inside, out = a->outside;

	return (in < (uint64_t)b->inside + b->count && b->inside < in + a->count) ||
	       (out < (uint64_t)b->outside + b->count && b->outside < out + a->count);
}

/* The text is what is written to the kernel: read it as the kernel does. */
static void check_map(const struct rule_map *m)
{
	static struct idmap_extent e[IDMAP_MOST];
	const char *at = m->text;

	MUST((m->form == IDMAP_EXTENTS) == (at != NULL));
	if (!at)
		return;
	MUST(m->extents && m->extents <= IDMAP_MOST && strlen(at) < IDMAP_TEXT);
	for (unsigned i = 0; i < m->extents; i++) {
		char *end;
		unsigned long field[3];

		for (int k = 0; k < 3; k++) {
			MUST(*at >= '0' && *at <= '9');
			field[k] = strtoul(at, &end, 10);
			MUST(*end == (k < 2 ? ' ' : '\n'));
			at = end + 1;
		}
		MUST(field[2] && field[0] + field[2] <= UINT32_MAX &&
		     field[1] + field[2] <= UINT32_MAX);
		e[i] = (struct idmap_extent){ (uint32_t)field[0], (uint32_t)field[1],
					      (uint32_t)field[2] };
		for (unsigned k = 0; k < i; k++)
			MUST(!collide(&e[i], &e[k]));
	}
	MUST(!*at && !memcmp(&e[0], &m->first, sizeof e[0]));
}

static void check_kind(const struct rule *r, const struct ns_spec *ns)
{
	MUST(ns->kind < NS_KINDS && ns->kind != NS_PID && ns->mode != NS_HOST);
	MUST(ns == r->ns || ns->kind > ns[-1].kind);
	MUST((ns->mode == NS_NEW) == !ns->path);
	MUST(!ns->path || (ns->path[0] == '/' && strlen(ns->path) < 256));
	MUST((ns->mode == NS_PIDOF) == (ns->pid > 0));
	MUST(ns->mode != NS_NETNS || (ns->kind == NS_NET && !strchr(ns->path + 11, '/')));
	if (ns->kind == NS_USER && ns->mode != NS_NEW)
		MUST(r->map[0].form == IDMAP_UNSET && r->map[1].form == IDMAP_UNSET);
}

/* As it stands there, but for what stands for something else. */
static bool holds(const char *text, size_t len, const char *what)
{
	return memmem(text, len, what, strlen(what)) || memchr(text, '%', len);
}

static void check_rule(const struct rule *r, const char *text, size_t len)
{
	MUST(r->name[0] && strlen(r->name) < 50 && r->line > 0);
	for (const char *const *m = r->match; *m; m++)
		MUST(**m && holds(text, len, *m));
	for (const char *const *e = r->except; *e; e++)
		MUST(**e && holds(text, len, *e));
	for (unsigned i = 0; i < r->kinds; i++)
		check_kind(r, &r->ns[i]);
	MUST(!r->cwd || (r->cwd[0] == '/' && holds(text, len, r->cwd)));
	check_map(&r->map[0]);
	check_map(&r->map[1]);
}

/* Every header is a rule: none was overlooked, none came out of the rest of a line. */
static unsigned headers(const char *text, size_t len)
{
	unsigned n = 0;

	for (size_t i = 0; i < len; i++)
		n += text[i] == '[' &&
		     (!i || text[i - 1] == '\n' || (i == 3 && !memcmp(text, "\xef\xbb\xbf", 3)));
	return n;
}

static const char *of_path(struct subject *s)
{
	return s->base[0] == 's' ? "/usr/bin/sh" : NULL;
}

static bool same(struct subject *s, const char *path)
{
	return of_path(s) && !strcmp(of_path(s), path);
}

static void check_match(const struct profile *p, const char *base)
{
	struct subject s = { base, of_path, of_path, NULL, same };
	const struct rule *r = match_first(p, &s);

	MUST(!r || (r >= p->rule && r < p->rule + p->rules && match_could(p, base)));
}

static void check(const char *text, size_t len, bool inline_rule)
{
	struct told told = { 0 };
	struct profile *p = profile_parse("fuzz", text, len, inline_rule, say, &told);

	MUST(!p == (told.count > 0));
	if (!p)
		return;
	MUST(p->rules == (inline_rule ? 1 : headers(text, len)));
	for (unsigned i = 0; i < p->rules; i++) {
		check_rule(&p->rule[i], text, len);
		MUST(profile_rule(p, p->rule[i].name) == &p->rule[i]);
		MUST(!i || p->rule[i].line > p->rule[i - 1].line);
	}
	check_match(p, "sh");
	check_match(p, "make");
	check_match(p, "");
	profile_free(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size); /* of its very size, so that a byte too far is seen */

	if (size)
		memcpy(text, data, size);
	check(text, size, false);
	check(text, size, true);
	free(text);
	return 0;
}

#include <errno.h>
#include <ini.h>
#include <string.h>
#include <unistd.h>

#include "conf/arena.h"
#include "conf/draft.h"
#include "conf/file.h"
#include "conf/match.h"
#include "conf/profile.h"
#include "conf/reader.h"

static const char built_in[] = "[built-in]\n"
			       "net = new\n"
			       "ipc = new\n"
			       "uid_map = self\n"
			       "gid_map = self\n";

enum { SMALL = 16384 /* a text up to this size is read into the profile's own arena */ };

/* A short line, and what inih made of it. */
struct memo {
	const char *line;
	size_t len;
	char key[12], value[12];
};

enum { MEMOS = 16 };

struct parse {
	struct reader reader;
	struct draft draft;
	bool swallow;	  /* what follows belongs to a header that was refused */
	struct line line; /* that inih has now */
	unsigned handed;  /* lines that inih had, and made nothing of */
	struct memo memo[MEMOS];
};

/* Thousands of rules say `net = new`: inih, half of all time, need not split that each time. */
static struct memo *memo_of(struct parse *p, const struct line *l)
{
	return &p->memo[(l->len + (unsigned char)l->text[0]) % MEMOS];
}

static bool remembered(struct parse *p, const struct line *l)
{
	struct memo *m = memo_of(p, l);

	if (m->len != l->len || memcmp(m->line, l->text, l->len) != 0)
		return false;
	draft_set(&p->draft, m->key, m->value);
	return true;
}

static void remember(struct parse *p, const char *key, const char *value)
{
	struct memo *m = memo_of(p, &p->line);
	size_t nk = strlen(key) + 1, nv = strlen(value) + 1;

	if (nk > sizeof m->key || nv > sizeof m->value)
		return;
	m->line = p->line.text;
	m->len = p->line.len;
	memcpy(m->key, key, nk);
	memcpy(m->value, value, nv);
}

/*
 * Is the line one for inih? Sections end here: it makes no callback for one without keys, and would
 * so hide a duplicate, or a rule that leaves every program alone.
 */
static bool wanted(struct parse *p, const struct line *l, size_t room)
{
	p->draft.line = p->reader.line;
	if (l->header) {
		draft_end(&p->draft);
		p->swallow = false;
	}
	if (p->swallow)
		return false;
	/* A newer inih takes a full buffer without a newline for a line that was cut. */
	if (l->kind == LINE_BAD || l->len + 2 > room) {
		p->swallow = l->header;
		draft_refuse(&p->draft, l->name, l->name_len,
			     l->kind == LINE_BAD ? l->why : "a line too long for this libinih");
		return false;
	}
	if (l->kind == LINE_SECTION)
		p->swallow = !draft_begin(&p->draft, l->name, l->name_len);
	return l->kind == LINE_KEY;
}

/* inih's fgets(3). The newline is left out: inih wants none. */
static char *next_line(char *buf, int size, void *stream)
{
	struct parse *p = stream;
	struct line *l = &p->line;

	while (!p->draft.no_memory && reader_next(&p->reader, l) != LINE_END) {
		if (wanted(p, l, (size_t)size) && !remembered(p, l)) {
			memcpy(buf, l->text, l->len);
			buf[l->len] = '\0';
			p->handed++;
			return buf;
		}
	}
	return NULL;
}

static int take_key(void *ctx, const char *section, const char *key, const char *value)
{
	struct parse *p = ctx;

	(void)section;
	p->handed--;
	remember(p, key, value);
	draft_set(&p->draft, key, value);
	return 1;
}

/* How many lines look like a section's header, at least as many as are one. */
static unsigned headers(const char *text, size_t len)
{
	const char *at = text, *end = text + len;
	unsigned n = 0;

	for (; (at = memchr(at, '[', (size_t)(end - at))); at++)
		n += at - text < 4 || at[-1] == '\n'; /* or after a BOM */
	return n;
}

static struct profile *no_memory(const char *name, profile_say *say, void *ctx)
{
	struct fault f;

	fault_set(&f, "mmap", NS_KINDS, name, ENOMEM);
	say(ctx, &f);
	return NULL;
}

/* An empty profile, with room for what `len` bytes of text say. */
static struct profile *make(const char *name, size_t len)
{
	struct arena *a = arena_new(6 * len + 2048);
	struct profile *p = a ? arena_alloc(a, sizeof *p) : NULL;

	if (p) {
		p->arena = a;
		p->name = arena_text(a, name, strlen(name));
	}
	if (p && p->name)
		return p;
	arena_free(a);
	return NULL;
}

static struct profile *parse(struct profile *profile, const char *text, size_t len,
			     bool inline_rule, profile_say *say, void *ctx)
{
	struct parse p = {
		.reader = reader_over(text, len, inline_rule),
		.draft = { .profile = profile, .say = say, .ctx = ctx, .line = 1 },
	};
	int r;

	draft_start(&p.draft, inline_rule ? 1 : headers(text, len));
	if (inline_rule && !p.draft.no_memory)
		draft_begin(&p.draft, "inline", strlen("inline"));
	r = ini_parse_stream(next_line, &p, take_key, &p);
	draft_end(&p.draft);
	/* None of the libraries that are packaged: all lines were looked at before. */
	if (r > 0 || (!r && p.handed))
		draft_refuse(&p.draft, "line", 4,
			     "this libinih does not take a line that it should");
	p.draft.no_memory |= r < 0;
	if (!p.draft.faults && !p.draft.no_memory) {
		profile->index = match_index(profile);
		p.draft.no_memory = !profile->index;
	}
	if (p.draft.no_memory)
		no_memory(profile->name, say, ctx);
	if (profile->index)
		return profile;
	profile_free(profile);
	return NULL;
}

struct profile *profile_parse(const char *name, const char *text, size_t len, bool inline_rule,
			      profile_say *say, void *ctx)
{
	struct profile *p = make(name, len);

	return p ? parse(p, text, len, inline_rule, say, ctx) : no_memory(name, say, ctx);
}

/* The text's memory is the profile's where it is little: a mapping costs more than a page. */
static struct profile *load(const char *path, file_trusts *trusts, profile_say *say, void *ctx)
{
	struct fault f;
	struct stat st = { 0 };
	int fd = file_open(path, trusts, &st, &f);
	size_t size = (size_t)st.st_size;
	struct profile *p = fd < 0 ? NULL : make(path, size);
	struct arena *own = p && size > SMALL ? arena_new(size + 1) : NULL;
	char *text = p ? arena_alloc(own ? own : p->arena, size + 1) : NULL;

	if (fd < 0) {
		say(ctx, &f);
	} else if (!text) {
		close(fd);
		profile_free(p);
		p = no_memory(path, say, ctx);
	} else if (file_read(fd, path, text, size, &f)) {
		say(ctx, &f);
		profile_free(p);
		p = NULL;
	} else {
		p->stamp = file_stamp(&st);
		p->large = size > SMALL;
		p = parse(p, text, size, false, say, ctx);
	}
	arena_free(own);
	return p;
}

struct profile *profile_load(const struct source *src, file_trusts *trusts, profile_say *say,
			     void *ctx)
{
	switch (src->kind) {
	case SOURCE_FILE:
		return load(src->text, trusts, say, ctx);
	case SOURCE_INLINE:
		return profile_parse("NSSHIM_PROFILE", src->text, strlen(src->text), true, say,
				     ctx);
	case SOURCE_BUILTIN:
		return profile_parse("built-in", built_in, sizeof built_in - 1, false, say, ctx);
	default:
		return profile_parse("none", "", 0, false, say, ctx);
	}
}

void profile_free(struct profile *p)
{
	if (p)
		arena_free(p->arena);
}

const struct item *rule_item(const struct rule *r, enum item_op op)
{
	const struct item *it = r->item[item_row[op].phase];

	while (it && it->op != op)
		it = it->next;
	return it;
}

bool rule_is_empty(const struct rule *r)
{
	bool empty = !r->kinds && !rule_joins_process(r);

	for (int i = 0; i < PHASES; i++)
		empty &= !r->item[i];
	return empty;
}

const struct rule *profile_rule(const struct profile *p, const char *name)
{
	for (unsigned i = 0; i < p->rules; i++)
		if (!strcmp(p->rule[i].name, name))
			return &p->rule[i];
	return NULL;
}

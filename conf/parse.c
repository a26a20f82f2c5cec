#include <ini.h>
#include <string.h>

#include "conf/parse.h"

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
	draft_set(p->draft, m->key, m->value);
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
	p->draft->line = p->reader.line;
	if (l->header) {
		draft_end(p->draft);
		p->swallow = false;
	}
	if (p->swallow)
		return false;
	/* A newer inih takes a full buffer without a newline for a line that was cut. */
	if (l->kind == LINE_BAD || l->len + 2 > room) {
		p->swallow = l->header;
		draft_refuse(p->draft, l->name, l->name_len,
			     l->kind == LINE_BAD ? l->why : "a line too long for this libinih");
		return false;
	}
	if (l->kind == LINE_SECTION)
		p->swallow = !draft_begin(p->draft, l->name, l->name_len);
	return l->kind == LINE_KEY;
}

/* inih's fgets(3). The newline is left out: inih wants none. */
static char *next_line(char *buf, int size, void *stream)
{
	struct parse *p = stream;
	struct line *l = &p->line;

	while (!p->draft->no_memory && reader_next(&p->reader, l) != LINE_END) {
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
	if (!strcmp(key, PARSE_INCLUDE)) {
		parse_include(p, value);
		return 1;
	}
	remember(p, key, value);
	draft_set(p->draft, key, value);
	return 1;
}

unsigned parse_headers(const char *text, size_t len)
{
	const char *at = text, *end = text + len;
	unsigned n = 0;

	for (; (at = memchr(at, '[', (size_t)(end - at))); at++)
		n += at - text < 4 || at[-1] == '\n'; /* or after a BOM */
	return n;
}

void parse(struct parse *p, const char *text, size_t len, bool inline_rule)
{
	int r;

	p->reader = reader_over(text, len, inline_rule);
	r = ini_parse_stream(next_line, p, take_key, p);
	draft_end(p->draft);
	/* None of the libraries that are packaged: all lines were looked at before. */
	if (r > 0 || (!r && p->handed))
		draft_refuse(p->draft, "line", 4,
			     "this libinih does not take a line that it should");
	p->draft->no_memory |= r < 0;
}

#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/file.h"
#include "conf/reader.h"
#include "shim/command/lines.h"
#include "shim/sys.h"

char *lines_text(const char *file, size_t *len, struct fault *f)
{
	struct stat st;
	int fd = file_open(file, sys_trusts(), &st, f);
	char *text = fd < 0 ? NULL : malloc((size_t)st.st_size + 1);

	if (fd < 0)
		return NULL;
	*len = (size_t)st.st_size;
	if (text && !file_read(fd, file, text, *len, f))
		return text;
	if (!text) {
		fault_set(f, "malloc", NS_KINDS, file, ENOMEM);
		close(fd);
	}
	free(text);
	return NULL;
}

static bool is(const char *word, const char *text, size_t len)
{
	return strlen(word) == len && !memcmp(word, text, len);
}

static bool has_value(const struct line *l, const char *value)
{
	const char *at = memchr(l->text, '=', l->len), *end = l->text + l->len;

	if (!value || !at)
		return true;
	for (at++; at < end && (*at == ' ' || *at == '\t'); at++)
		;
	return (size_t)(end - at) >= strlen(value) && !memcmp(at, value, strlen(value));
}

/* From its header on, which is quickly found. */
static void skip_to(struct reader *r, int line)
{
	while (r->line + 1 < line && r->at < r->end) {
		const char *end = memchr(r->at, '\n', (size_t)(r->end - r->at));

		r->at = end ? end + 1 : r->end;
		r->line++;
	}
}

static int find(struct reader r, const struct rule *rule, const char *key, const char *value)
{
	bool in = r.inline_rule;
	enum line_kind kind;
	struct line l;

	while ((kind = reader_next(&r, &l)) != LINE_END) {
		if (kind == LINE_SECTION && in)
			break;
		if (kind == LINE_SECTION)
			in = is(rule->name, l.name, l.name_len);
		else if (in && kind == LINE_KEY && is(key, l.name, l.name_len) &&
			 has_value(&l, value))
			return r.line;
	}
	return rule->line;
}

/*
 * A reader of the rule's file, at the rule; null: it cannot be read. The file of the last call is kept,
 * and read on where the rule is further down.
 */
static struct reader *kept(const struct rule *rule)
{
	static char *name, *text;
	static struct reader here;
	static size_t len;
	struct fault f;

	if (!name || strcmp(name, rule->file) != 0) {
		free(name);
		free(text);
		name = strdup(rule->file);
		text = lines_text(rule->file, &len, &f);
		here = reader_over(text, text ? len : 0, false);
	}
	if (here.line >= rule->line)
		here = reader_over(text, len, false);
	skip_to(&here, rule->line);
	return text ? &here : NULL;
}

int lines_find(const struct rule *rule, const char *text, const char *key, const char *value)
{
	const struct reader *file;

	if (text)
		return find(reader_over(text, strlen(text), true), rule, key, value);
	file = rule->file[0] == '/' ? kept(rule) : NULL;
	return file ? find(*file, rule, key, value) : rule->line;
}

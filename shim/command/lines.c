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

	if (!in)
		skip_to(&r, rule->line);
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

/* The file that was asked for last: all lines of a profile are in few. */
static const char *kept(const char *file, size_t *len)
{
	static char *name, *text;
	static size_t size;
	struct fault f;

	if (!name || strcmp(name, file) != 0) {
		free(name);
		free(text);
		name = strdup(file);
		text = lines_text(file, &size, &f);
	}
	*len = size;
	return text;
}

int lines_find(const struct rule *rule, const char *text, const char *key, const char *value)
{
	const char *whole = NULL;
	size_t len;

	if (text)
		return find(reader_over(text, strlen(text), true), rule, key, value);
	if (rule->file[0] == '/')
		whole = kept(rule->file, &len);
	return whole ? find(reader_over(whole, len, false), rule, key, value) : rule->line;
}

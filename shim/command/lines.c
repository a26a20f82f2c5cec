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

static int find(struct reader r, const struct rule *rule, bool inline_rule, const char *key,
		const char *value)
{
	bool in = inline_rule;
	enum line_kind kind;
	struct line l;

	while ((kind = reader_next(&r, &l)) != LINE_END) {
		if (kind == LINE_SECTION)
			in = is(rule->name, l.name, l.name_len);
		else if (in && kind == LINE_KEY && is(key, l.name, l.name_len) &&
			 has_value(&l, value))
			return r.line;
	}
	return rule->line;
}

int lines_find(const struct rule *rule, const char *text, const char *key, const char *value)
{
	struct fault f;
	size_t len;
	char *whole;
	int line;

	if (text)
		return find(reader_over(text, strlen(text), true), rule, true, key, value);
	if (rule->file[0] != '/')
		return rule->line;
	whole = lines_text(rule->file, &len, &f);
	line = whole ? find(reader_over(whole, len, false), rule, false, key, value) : rule->line;
	free(whole);
	return line;
}

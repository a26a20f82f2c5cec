#define _GNU_SOURCE
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/item.h"
#include "conf/parse.h"
#include "conf/reader.h"
#include "shim/command/change.h"
#include "shim/command/lines.h"
#include "shim/command/out.h"
#include "shim/sys.h"

#define ORIGIN "$ORIGIN"

/* The text of the source, in *len bytes of memory; null, and it has been told. */
static char *text_of(const struct source *s, size_t *len)
{
	struct fault f;
	char *text;

	if (s->kind == SOURCE_FILE) {
		text = lines_text(s->text, len, &f);
		if (!text)
			out_fault(&f);
		return text;
	}
	text = strdup(s->kind == SOURCE_BUILTIN ? profile_built_in : s->text);
	*len = text ? strlen(text) : 0;
	return text;
}

/* Is the key one of those that are given, and not one that they add to? */
static bool replaced(const char *keys, const char *name, size_t len)
{
	struct reader r = reader_over(keys, strlen(keys), true);
	struct line l;

	for (int i = 0; i < ITEMS; i++)
		if (item_row[i].many && strlen(item_row[i].name) == len &&
		    !memcmp(item_row[i].name, name, len))
			return false;
	while (reader_next(&r, &l) != LINE_END)
		if (l.name_len == len && !memcmp(l.name, name, len))
			return true;
	return false;
}

/* What is left of the line before its comment, and the blanks before that. */
static size_t without_comment(const char *text, size_t len)
{
	for (size_t i = 1; i < len; i++)
		if (text[i] == ';' && isspace((unsigned char)text[i - 1]))
			len = i;
	while (len && isspace((unsigned char)text[len - 1]))
		len--;
	return len;
}

/* A name or a path as a value has it: its `%` are no more than that. */
static void put_plain(FILE *to, const char *text, size_t len)
{
	for (; len; text++, len--) {
		if (*text == '%')
			fputc('%', to);
		fputc(*text, to);
	}
}

/* What an inline rule would not know: the rule's name, and the file's directory. */
static void put_value(FILE *to, const char *text, size_t len, const char *rule, const char *file)
{
	const char *end = text + len, *slash = strrchr(file, '/');

	while (text < end) {
		if (text + 1 < end && text[0] == '%') {
			if (text[1] == 'n')
				put_plain(to, rule, strlen(rule));
			else
				fwrite(text, 1, 2, to);
			text += 2;
		} else if (slash && (size_t)(end - text) >= strlen(ORIGIN) &&
			   !strncmp(text, ORIGIN, strlen(ORIGIN))) {
			put_plain(to, file, slash == file ? 1 : (size_t)(slash - file));
			text += strlen(ORIGIN);
		} else {
			fputc(*text++, to);
		}
	}
}

/* One that is being changed. */
struct changed {
	FILE *to;
	const char *keys, *rule, *command;
	const struct source *from;
};

/* 0; -1: told. */
static int put_line(struct changed *c, const struct line *l)
{
	bool whole = c->from->kind == SOURCE_INLINE;
	size_t len = whole ? l->len : without_comment(l->text, l->len);

	if (l->name_len == strlen(PARSE_INCLUDE) && !memcmp(l->name, PARSE_INCLUDE, l->name_len)) {
		out_refuse(c->command, "-e: %s includes files: no one rule can be made of it",
			   c->from->text);
		return -1;
	}
	if (replaced(c->keys, l->name, l->name_len))
		return 0;
	if (memchr(l->text, ';', len)) {
		out_refuse(c->command, "-e: a `;` in the value of %.*s: it would part two keys",
			   (int)l->name_len, l->name);
		return -1;
	}
	put_value(c->to, l->text, len, c->rule, c->from->text);
	fputs("; ", c->to);
	return 0;
}

static int put_lines(struct changed *c, const char *text, size_t len)
{
	struct reader r = reader_over(text, len, c->from->kind == SOURCE_INLINE);
	enum line_kind kind;
	struct line l;
	int failed = 0;

	while (!failed && (kind = reader_next(&r, &l)) != LINE_END)
		if (kind == LINE_KEY)
			failed = put_line(c, &l);
	fputs(c->keys, c->to);
	return failed;
}

int change(char **keys, const struct source *from, const char *value, const char *command)
{
	struct profile *p = profile_load(from, sys_trusts(), out_say, NULL);
	struct changed c = { .keys = *keys, .command = command, .from = from };
	char *text = NULL, *all = NULL;
	size_t len, size;
	int failed = -1;

	if (p && p->rules != 1)
		out_refuse(command, "-e: %s has %u rules, and not one: which would it change?",
			   value ? value : "default", p->rules);
	else if (p)
		text = text_of(from, &len);
	if (text)
		c.to = open_memstream(&all, &size);
	if (c.to) {
		c.rule = p->rule[0].name;
		failed = put_lines(&c, text, len);
		fclose(c.to);
	}
	free(text);
	profile_free(p);
	free(failed ? all : *keys);
	if (!failed)
		*keys = all;
	return failed;
}

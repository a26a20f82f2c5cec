#define _GNU_SOURCE
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shim/command/import/list.h"
#include "shim/command/import/unit/unit.h"
#include "shim/command/out.h"

static void be_at(struct unit *u, const struct unit_line *l)
{
	u->w->file = l->file;
	u->w->line = l->number;
}

const struct unit_line *unit_next(struct unit *u, const char *keys, const struct unit_line *before)
{
	size_t i = before ? (size_t)(before - u->line) + 1 : 0;

	for (size_t j = i; !before && j < u->count; j++)
		if (list_has(keys, u->line[j].key)) {
			u->line[j].known = true;
			i = u->line[j].value[0] ? i : j + 1;
		}
	for (; i < u->count; i++)
		if (list_has(keys, u->line[i].key)) {
			be_at(u, u->line + i);
			return u->line + i;
		}
	return NULL;
}

const struct unit_line *unit_last(struct unit *u, const char *keys)
{
	const struct unit_line *last = NULL, *l = NULL;

	while ((l = unit_next(u, keys, l)))
		last = l;
	return last;
}

bool unit_said(const struct unit *u, const char *key)
{
	for (size_t i = 0; i < u->count; i++)
		if (!strcmp(u->line[i].key, key))
			return true;
	return false;
}

void unit_wrong(struct unit *u, const struct unit_line *l, const char *why)
{
	if (u->line[l - u->line].told)
		return;
	u->line[l - u->line].told = true;
	out_refuse("import", "%s:%u: %s: %s: %.160s", l->file, l->number, l->key, why, l->value);
	u->wrong++;
}

void unit_lost(struct unit *u, const struct unit_line *l, const char *why)
{
	be_at(u, l);
	written_lost(u->w, "%s=%s%s%s", l->key, l->value, why ? ": " : "", why ? why : "");
}

int unit_boolean(const char *value)
{
	static const char words[][6] = { "yes", "no", "true", "false", "on", "off",
					 "1",	"0",  "y",    "n",     "t",  "f" };
	char low[6] = "";
	int i;

	for (size_t n = 0; value[n] && n < sizeof low - 1; n++)
		low[n] = (char)tolower((unsigned char)value[n]);
	i = strlen(value) < sizeof low ? words_find(WORDS(words), low) : -1;
	return i < 0 ? -1 : i % 2 == 0;
}

int unit_choice(struct unit *u, const char *key, struct words all)
{
	const struct unit_line *l = unit_last(u, key);
	int i;

	if (!l)
		return -1;
	i = words_find(all, l->value);
	if (i < 0 && unit_boolean(l->value) >= 0)
		i = !unit_boolean(l->value);
	if (i < 0)
		unit_wrong(u, l, "no such value");
	return i;
}

bool unit_yes(struct unit *u, const char *key)
{
	static const char words[][4] = { "yes", "no" };

	return unit_choice(u, key, WORDS(words)) == 0;
}

const char *unit_value(struct unit *u, const char *key)
{
	const struct unit_line *l = unit_last(u, key);
	const char *text = l && !l->told ? unit_text(u, l, l->value) : NULL;

	if (l && !text)
		u->line[l - u->line].told = true;
	return text;
}

const char *unit_print(struct unit *u, const char *format, ...)
{
	char *text, *copy;
	va_list more;
	int len;

	va_start(more, format);
	len = vasprintf(&text, format, more);
	va_end(more);
	copy = len < 0 ? NULL : arena_text(u->memory, text, (size_t)len);
	if (!copy)
		abort();
	free(text);
	return copy;
}

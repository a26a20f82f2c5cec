#define _GNU_SOURCE
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "conf/text.h"
#include "shim/command/json.h"
#include "shim/command/out.h"

/* How many bytes, 1 to 4, are one character; 0: none. */
static size_t character(const char *s, size_t left)
{
	for (size_t len = 1; len <= 4 && len <= left; len++) {
		json_t *text = json_stringn(s, len);

		json_decref(text);
		if (text)
			return len;
	}
	return 0;
}

json_t *json_text(const char *s)
{
	json_t *text = s ? json_string(s) : json_null();
	char *copy, *at;

	if (text)
		return text;
	copy = strdup(s);
	if (!copy)
		abort();
	for (at = copy; *at;) {
		size_t len = character(at, strnlen(at, 4));

		if (!len)
			*at = '?';
		at += len ? len : 1;
	}
	text = json_string(copy);
	free(copy);
	return text;
}

void json_put(json_t *object, const char *name, json_t *value)
{
	if (json_object_set_new(object, name, value))
		abort();
}

void json_add(json_t *array, json_t *value)
{
	if (json_array_append_new(array, value))
		abort();
}

const char *json_said(const json_t *object, const char *name)
{
	const char *s = json_string_value(json_object_get(object, name));

	return s ? s : "";
}

long long json_number(const json_t *object, const char *name)
{
	double n = json_number_value(json_object_get(object, name));

	return n >= (double)LLONG_MAX	? LLONG_MAX
	       : n <= (double)LLONG_MIN ? LLONG_MIN
					: (long long)n;
}

void json_plain(json_t *all)
{
	json_t *part;
	const char *name;
	size_t i;
	char *text;

	json_object_foreach(all, name, part) json_plain(part);
	json_array_foreach(all, i, part) json_plain(part);
	if (!json_is_string(all))
		return;
	text = strdup(json_string_value(all));
	if (!text)
		abort();
	text_plain(text, strlen(text));
	if (json_string_set(all, text))
		abort();
	free(text);
}

int json_end(json_t *all, int status)
{
	json_dumpf(all, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(all);
	return out_end(status);
}

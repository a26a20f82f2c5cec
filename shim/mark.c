#define _GNU_SOURCE
#include <string.h>

#include "shim/env.h"
#include "shim/mark.h"

static const char letters[] = { '-', 'c', 'd' }; /* of enum mark_kind */

bool mark_read(struct mark *m, const char *value)
{
	size_t room;

	*m = (struct mark){ .kind = MARK_PLAIN };
	if (!value)
		return false;
	while (m->kind < MARK_DECIDED && *value != letters[m->kind])
		m->kind++;
	if (*value++ != letters[m->kind])
		return false;
	room = strlen(value);
	for (; m->kind == MARK_DECIDED && *value >= '0' && *value <= '9' && m->len < room; value++)
		m->len = 10 * m->len + (size_t)(*value - '0');
	if (*value++ != ':' || m->len > strlen(value))
		return false;
	m->path = value;
	m->profile = value + m->len;
	return true;
}

void mark_text(struct text *t, enum mark_kind kind, const char *path, const char *profile)
{
	text_str(t, MARK_NAME);
	text_bytes(t, &letters[kind], 1);
	if (kind == MARK_DECIDED)
		text_num(t, (long long)strlen(path));
	text_str(t, ":");
	if (kind == MARK_DECIDED)
		text_str(t, path);
	text_str(t, profile);
}

/* A decision about another path came through a program that had no constructor to take it out. */
bool mark_asks(const struct mark *m, const char *path)
{
	if (m->kind == MARK_DECIDED)
		return strlen(path) != m->len || memcmp(path, m->path, m->len) != 0;
	return m->kind == MARK_PLAIN;
}

bool mark_preload(const char *value)
{
	size_t len;
	const char *own = value ? env_own_entry(value, &len) : NULL;
	const char *slash = own ? memrchr(own, '/', len) : NULL;

	return slash && slash > own && slash[-1] == '/';
}

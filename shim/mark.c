#include <limits.h>
#include <string.h>

#include "shim/mark.h"

static const char letters[] = { '-', 'd', 'c', 'f' }; /* of enum mark_kind */

/* A decimal number of at most `most`, at *at; false where there is none. */
static bool number(const char **at, unsigned long long most, unsigned long long *n)
{
	const char *start = *at;

	for (*n = 0; **at >= '0' && **at <= '9' && *n <= most / 10; ++*at)
		*n = 10 * *n + (unsigned)(**at - '0');
	return *at > start && *n <= most;
}

bool mark_tree_read(struct tree *tree, const char **at)
{
	unsigned long long pid;

	if (!number(at, INT_MAX, &pid) || *(*at)++ != '.' || !number(at, LLONG_MAX, &tree->since))
		return false;
	tree->pid = (unsigned)pid;
	return true;
}

void mark_tree_text(struct text *t, const struct tree *tree)
{
	text_num(t, tree->pid);
	text_str(t, ".");
	text_num(t, (long long)tree->since);
}

bool mark_read(struct mark *m, const char *value)
{
	unsigned long long len = 0;

	*m = (struct mark){ .kind = MARK_PLAIN };
	if (!value)
		return false;
	while (m->kind < MARK_CHILD && *value != letters[m->kind])
		m->kind++;
	if (*value++ != letters[m->kind])
		return false;
	if (*value == '(' && (value++, !mark_tree_read(&m->tree, &value) || *value++ != ')'))
		return false;
	if (m->kind != MARK_PLAIN && !(number(&value, strlen(value), &len) && *value++ == ',' &&
				       number(&value, LLONG_MAX, &m->stamp)))
		return false;
	if (*value++ != ':' || len > strlen(value))
		return false;
	m->len = len;
	m->path = value;
	m->profile = value + len;
	return true;
}

void mark_text(struct text *t, enum mark_kind kind, const struct tree *tree, const char *path,
	       unsigned long long stamp, const char *profile)
{
	text_str(t, MARK_NAME);
	text_bytes(t, &letters[kind], 1);
	if (tree->pid) {
		text_str(t, "(");
		mark_tree_text(t, tree);
		text_str(t, ")");
	}
	if (kind != MARK_PLAIN) {
		text_num(t, (long long)strlen(path));
		text_str(t, ",");
		text_num(t, (long long)stamp);
	}
	text_str(t, ":");
	if (kind != MARK_PLAIN)
		text_str(t, path);
	text_str(t, profile);
}

/* A decision about another path came through a program that had no constructor to take it out. */
bool mark_asks(const struct mark *m, const char *path)
{
	return m->kind == MARK_PLAIN || m->kind == MARK_CHILD || strlen(path) != m->len ||
	       memcmp(path, m->path, m->len) != 0;
}

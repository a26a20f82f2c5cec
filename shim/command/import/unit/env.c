#define _GNU_SOURCE
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shim/command/import/unit/rule.h"

enum { MOST = 256 };

struct env {
	struct unit *u;
	const char *text[MOST]; /* NAME=VALUE; null: it was taken out */
	const struct unit_line *by[MOST];
	unsigned count;
};

static bool is_name(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] != '_' && !isalnum((unsigned char)text[i]))
			return false;
	return len && !isdigit((unsigned char)text[0]);
}

/* The one with this name, or, where there is a value, with just that. */
static int find(const struct env *e, const char *text)
{
	size_t name = strcspn(text, "=");

	for (unsigned i = 0; i < e->count; i++)
		if (e->text[i] && !strncmp(e->text[i], text, name) && e->text[i][name] == '=' &&
		    (!text[name] || !strcmp(e->text[i], text)))
			return (int)i;
	return -1;
}

static void set(struct env *e, const struct unit_line *l, const char *text)
{
	int i = find(e, unit_print(e->u, "%.*s", (int)strcspn(text, "="), text));

	if (i < 0 && e->count == MOST)
		return;
	if (i < 0)
		i = (int)e->count++;
	e->text[i] = text;
	e->by[i] = l;
}

/* What the manager of the system gives to all, and to those of another user. */
static void begin(struct env *e, const struct unit_user *who)
{
	struct unit *u = e->u;

	if (u->own)
		return;
	written_line(u->w, "clearenv", "yes");
	set(e, NULL, "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
	if (!who->name)
		return;
	set(e, NULL, unit_print(u, "HOME=%s", who->home));
	set(e, NULL, unit_print(u, "LOGNAME=%s", who->name));
	set(e, NULL, unit_print(u, "USER=%s", who->name));
	set(e, NULL, unit_print(u, "SHELL=%s", who->shell));
}

static void take(struct env *e)
{
	const struct unit_line *l = NULL;
	const char *at, *word;

	while ((l = unit_next(e->u, "Environment", l)))
		for (at = l->value; unit_word(e->u, l, &at, &word);) {
			size_t name = strcspn(word, "=");

			if (word[name] && is_name(word, name))
				set(e, l, word);
			else
				unit_wrong(e->u, l, "a word that is no NAME=VALUE");
		}
}

/* Files are read at each start, which a rule does not do; but for one that need not be there. */
static void tell(struct env *e)
{
	const struct unit_line *l = NULL;

	while ((l = unit_next(e->u, "EnvironmentFile", l)))
		if (l->value[0] != '-' || !access(l->value + 1, F_OK))
			unit_lost(e->u, l, "say with `env` what is in it");
	while ((l = unit_next(e->u, "PassEnvironment", l)))
		if (!e->u->own)
			unit_lost(e->u, l, "say with `env` what it is");
}

static void take_out(struct env *e)
{
	const struct unit_line *l = NULL;
	const char *at, *word;

	while ((l = unit_next(e->u, "UnsetEnvironment", l)))
		for (at = l->value; unit_word(e->u, l, &at, &word);) {
			int i = find(e, word);

			if (i >= 0)
				e->text[i] = NULL;
			if (e->u->own && !strchr(word, '='))
				written_line(e->u->w, "unsetenv", "%s", word);
			else if (e->u->own && i < 0)
				unit_lost(e->u, l, unit_print(e->u, "%s, of one value", word));
		}
}

void import_unit_env(struct unit *u, const struct unit_user *who)
{
	struct env e = { .u = u };

	begin(&e, who);
	take(&e);
	tell(&e);
	take_out(&e);
	for (unsigned i = 0; i < e.count; i++) {
		if (!e.text[i])
			continue;
		u->w->file = e.by[i] ? e.by[i]->file : NULL;
		u->w->line = e.by[i] ? e.by[i]->number : 0;
		written_line(u->w, "env", "%s", e.text[i]);
	}
	u->w->file = NULL;
}

#include <string.h>

#include "conf/account.h"
#include "conf/condition.h"
#include "conf/refuse.h"
#include "conf/split.h"

static const char forms[][9] = { "uid:", "user:", "env:", "parent:", "arg:", "tty", "not-root" };

enum form { UID, USER, ENV, PARENT, ARG, TTY, NOT_ROOT, FORMS };

static enum form form_of(const char *value)
{
	int form = 0;

	while (form < FORMS && (form < TTY ? strncmp(value, forms[form], strlen(forms[form]))
					   : strcmp(value, forms[form])) != 0)
		form++;
	return (enum form)form;
}

static void set_uid(struct draft *d, const char *digits, struct condition *c)
{
	int64_t n;

	if (split_number(d, KEY_ONLY_IF, digits, 0, UINT32_MAX - 1, &n))
		c->number = (uid_t)n;
}

static void set_user(struct draft *d, const char *name, struct condition *c)
{
	uint32_t id;

	if (account_find(ACCOUNT_USERS, name, strlen(name), &id))
		c->number = id;
	else
		refuse_value(d, KEY_ONLY_IF, "no user", name,
			     " in /etc/passwd: give a number, uid:N");
}

/* NAME or NAME=VALUE */
static void set_env(struct draft *d, const char *text, struct condition *c)
{
	size_t len = strcspn(text, "=");

	if (!len)
		refuse_value(d, KEY_ONLY_IF, "no name of a variable in", text, "");
	c->name = draft_text(d, text, len);
	c->text = text[len] ? draft_text(d, text + len + 1, strlen(text + len + 1)) : NULL;
}

static void set_pattern(struct draft *d, const char *text, struct condition *c)
{
	c->text = draft_text(d, text, strlen(text));
	if (!*text)
		refuse(d, KEY_ONLY_IF, "an empty pattern, which fits nothing");
}

/* N=PATTERN */
static void set_arg(struct draft *d, const char *text, struct condition *c)
{
	size_t len = strspn(text, "0123456789");

	if (!len || len > 4 || text[len] != '=') {
		refuse_value(d, KEY_ONLY_IF, "not of the form arg:N=PATTERN:", text, "");
		return;
	}
	for (size_t i = 0; i < len; i++)
		c->number = 10 * c->number + (unsigned)(text[i] - '0');
	c->text = draft_text(d, text + len + 1, strlen(text + len + 1));
}

void condition_value(struct draft *d, const char *value, struct condition *c)
{
	enum form form = form_of(value);
	const char *rest = form < TTY ? value + strlen(forms[form]) : value;

	switch (form) {
	case UID:
		c->kind = IF_UID;
		set_uid(d, rest, c);
		break;
	case USER:
		c->kind = IF_UID;
		set_user(d, rest, c);
		break;
	case ENV:
		c->kind = IF_ENV;
		set_env(d, rest, c);
		break;
	case PARENT:
		c->kind = IF_PARENT;
		set_pattern(d, rest, c);
		break;
	case ARG:
		c->kind = IF_ARG;
		set_arg(d, rest, c);
		break;
	case TTY:
		c->kind = IF_TTY;
		break;
	case NOT_ROOT:
		c->kind = IF_NOT_ROOT;
		break;
	case FORMS:
		refuse_value(d, KEY_ONLY_IF, "unknown condition", value,
			     ", none of uid:N, user:NAME, env:NAME, env:NAME=VALUE, "
			     "parent:PATTERN, arg:N=PATTERN, tty, not-root");
	}
}

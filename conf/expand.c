#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/account.h"
#include "conf/expand.h"
#include "conf/refuse.h"
#include "conf/text.h"

extern char **environ;

static const char origin[] = "$ORIGIN";

enum { LONGEST = 4096 };

/* Not getenv(3), which another thread's setenv(3) may spoil while a child asks. */
static const char *variable(const char *name)
{
	size_t len = strlen(name);

	for (char **e = environ; e && *e; e++)
		if (!strncmp(*e, name, len) && (*e)[len] == '=')
			return *e + len + 1;
	return NULL;
}

/* An absolute path in a variable, or the field of who the process is. */
static bool home(struct text *t)
{
	const char *set = variable("HOME");

	if (set && set[0] == '/')
		text_str(t, set);
	return (set && set[0] == '/') || account_field(geteuid(), ACCOUNT_HOME, t);
}

static void runtime(struct text *t)
{
	const char *set = variable("XDG_RUNTIME_DIR");

	if (set && set[0] == '/') {
		text_str(t, set);
	} else if (!geteuid()) {
		text_str(t, "/run");
	} else {
		text_str(t, "/run/user/");
		text_num(t, geteuid());
	}
}

/* Null, or why there is nothing. */
static const char *put(struct draft *d, char letter, struct text *t)
{
	switch (letter) {
	case '%':
		text_str(t, "%");
		break;
	case 'h':
		if (!home(t))
			return "%h: no HOME is set, and /etc/passwd does not have this user";
		break;
	case 'u':
		if (!account_field(geteuid(), ACCOUNT_NAME, t))
			return "%u: /etc/passwd does not have this user";
		break;
	case 'U':
		text_num(t, geteuid());
		break;
	case 't':
		runtime(t);
		break;
	case 'n':
		if (!d->rule)
			return "%n: there is no rule here";
		text_str(t, d->rule->name);
		break;
	default:
		return "a `%` with none of h, u, U, t, n after it; `%%` is one";
	}
	return NULL;
}

/* The profile's directory; null, or why there is none. */
static const char *put_origin(struct draft *d, struct text *t)
{
	const char *slash = strrchr(d->name, '/');

	if (!d->from_file)
		return "$ORIGIN: this is no file";
	if (slash)
		text_bytes(t, d->name, slash == d->name ? 1 : (size_t)(slash - d->name));
	else
		text_str(t, ".");
	return NULL;
}

const char *expand(struct draft *d, const char *key, const char *value)
{
	const char *why = NULL, *at = value;
	char *buf;
	struct text t;

	if (!strchr(value, '%') && !strstr(value, origin))
		return value;
	buf = draft_alloc(d, LONGEST);
	if (!buf)
		return NULL;
	for (t = text_in(buf, LONGEST); *at && !why;) {
		if (*at == '%') {
			why = put(d, at[1], &t);
			at += 2;
		} else if (!strncmp(at, origin, sizeof origin - 1)) {
			why = put_origin(d, &t);
			at += sizeof origin - 1;
		} else {
			text_bytes(&t, at++, 1);
		}
	}
	if (!why && t.cut)
		why = "longer than 4095 bytes with all that stands for something";
	if (!why)
		return buf;
	draft_refuse(d, key, strlen(key), why);
	return NULL;
}

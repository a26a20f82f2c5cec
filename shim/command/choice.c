#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shim/command/change.h"
#include "shim/command/choice.h"
#include "shim/command/out.h"
#include "shim/env.h"
#include "shim/locate.h"
#include "shim/mark.h"
#include "shim/state.h"
#include "shim/sys.h"

extern char **environ;

static void add_key(struct choice *c, const char *value)
{
	char *all;

	value += strspn(value, " \t\n");
	if (!locate_is_inline(value))
		c->bad = value;
	if (asprintf(&all, "%s%s%s", c->keys ? c->keys : "", c->keys ? "; " : "", value) < 0)
		abort();
	free(c->keys);
	c->keys = all;
}

bool choice_option(struct choice *c, int letter, const char *value)
{
	if (letter == 'p')
		c->profile = value;
	else if (letter == 'e')
		add_key(c, value);
	return letter == 'p' || letter == 'e';
}

bool choice_program(struct choice *c, int argc, char **argv, const char *help, int *status)
{
	static const struct option_row rows[] = { CHOICE_OPTIONS, OPTION_HELP };
	const struct options o = { rows, sizeof rows / sizeof *rows, false, help };
	int letter;

	while ((letter = option_next(argc, argv, &o, status)) != OPTION_END)
		if (letter == OPTION_DONE)
			return false;
		else
			choice_option(c, letter, optarg);
	if (optind == argc)
		*status = option_misused(argv[0], &o, "which program?");
	return optind < argc;
}

/* In a wrapped program's tree the library has put its own mark in the variable's place. */
const char *choice_default(void)
{
	const char *named = env_value(environ, "NSSHIM_PROFILE");
	struct mark m;

	if (named || !mark_read(&m, env_value(environ, MARK_NAME)))
		return named;
	return m.profile;
}

int choice_locate(const char *name, struct source *src, char *buf, struct fault *f)
{
	if (!name || *name)
		return locate(name ? name : choice_default(), src, buf, f);
	fault_set(f, "find profile", NS_KINDS, "", 0);
	fault_why(f, "an empty name");
	return -1;
}

static int take_keys(struct choice *c, const char *command)
{
	struct profile *p;

	if (c->profile && change(&c->keys, &c->source, c->value, command))
		return -1;
	p = profile_parse("NSSHIM_PROFILE", c->keys, strlen(c->keys), true, out_say, NULL);
	profile_free(p);
	c->value = c->keys;
	c->source = (struct source){ SOURCE_INLINE, c->value };
	return p ? 0 : -1;
}

int choice_make(struct choice *c, const char *command)
{
	struct fault f;

	c->value = c->profile ? c->profile : choice_default();
	if (c->bad) {
		out_refuse(command, "-e: `%s` is no KEY=VALUE, as net=new is one", c->bad);
		return -1;
	}
	if ((c->profile || !c->keys) && choice_locate(c->profile, &c->source, c->file, &f)) {
		out_fault(&f);
		return -1;
	}
	return c->keys ? take_keys(c, command) : 0;
}

struct profile *choice_load(const struct choice *c)
{
	return profile_load(&c->source, sys_trusts(), out_say, NULL);
}

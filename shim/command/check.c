#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/guess.h"
#include "conf/text.h"
#include "shim/command/choice.h"
#include "shim/command/command.h"
#include "shim/command/json.h"
#include "shim/command/lint.h"
#include "shim/command/option.h"
#include "shim/command/out.h"
#include "shim/state.h"
#include "shim/sys.h"

static const char help[] =
	"usage: nsshim check [--format=text|gcc|json] [PROFILE]...\n"
	"\n"
	"Tells every error of profiles, and what is likely not meant: rules that never\n"
	"fit, paths that are not there, maps that this user cannot have. A PROFILE is\n"
	"a name, a path or an inline rule; without one: NSSHIM_PROFILE's, or `default`.\n"
	"\n"
	"  -f, --format FORMAT  text: FILE:LINE: KEY: what is wrong; gcc: as compilers\n"
	"                       tell it; json: an array with an object for each\n"
	"  -h, --help           this\n"
	"\n"
	"Exit status: 0 there is no error, but perhaps a warning; 1 there is one; 125\n"
	"nsshim itself.\n";

static const struct option_row rows[] = { { "format", 'f', OPTION_VALUE }, OPTION_HELP };

enum format { FORMAT_TEXT, FORMAT_GCC, FORMAT_JSON };

static const char formats[][5] = { "text", "gcc", "json" };

struct check {
	enum format format;
	bool colours;
	json_t *all;
	bool warning; /* what is told now is one */
	unsigned errors;
};

/* A fault of the file as a whole has no line; its words are those of an entry's. */
static char *message(struct fault *f, char line[FAULT_TEXT])
{
	static const char name[] = "nsshim: ";

	if (f->line)
		return f->why;
	line[fault_text(f, line, FAULT_TEXT) - 1] = '\0';
	return line + strlen(name);
}

static void print_json(const struct check *c, const struct fault *f, const char *why)
{
	json_t *one = json_object();

	json_put(one, "file", json_text(f->path));
	json_put(one, "line", f->line ? json_integer(f->line) : json_null());
	json_put(one, "key", json_text(f->line ? f->op : NULL));
	json_put(one, "level", json_text(c->warning ? "warning" : "error"));
	json_put(one, "message", json_text(why));
	json_add(c->all, one);
}

static void print(const struct check *c, struct fault *f, char *why)
{
	const char *level = c->warning ? "warning: " : c->format == FORMAT_GCC ? "error: " : "";
	const char *on = !c->colours ? "" : c->warning ? "\033[35m" : "\033[31m";

	text_plain(f->path, strlen(f->path));
	text_plain(f->op, strlen(f->op));
	text_plain(why, strlen(why));
	if (!f->line && c->format == FORMAT_GCC)
		printf("%s:1:1: %s%s\n", f->path, level, why);
	else if (!f->line)
		printf("%s%s%s%s\n", on, level, c->colours ? "\033[m" : "", why);
	else
		printf("%s:%d:%s %s%s%s%s%s%s\n", f->path, f->line,
		       c->format == FORMAT_GCC ? "1:" : "", on, level, f->op, f->op[0] ? ": " : "",
		       c->colours ? "\033[m" : "", why);
}

static void say(void *ctx, const struct fault *fault)
{
	struct check *c = ctx;
	struct fault f = *fault;
	char line[FAULT_TEXT], *why = message(&f, line);

	c->errors += !c->warning;
	if (c->format == FORMAT_JSON)
		print_json(c, &f, why);
	else
		print(c, &f, why);
}

static void check(struct check *c, const char *value)
{
	char path[PATH_MAX];
	struct source s;
	struct profile *p;
	struct fault f;

	c->warning = false;
	if (choice_locate(value, &s, path, &f)) {
		say(c, &f);
		return;
	}
	p = profile_load(&s, sys_trusts(), say, c);
	if (!p)
		return;
	c->warning = true;
	lint(p, s.kind == SOURCE_INLINE ? s.text : NULL, say, c);
	profile_free(p);
}

int command_check(int argc, char **argv)
{
	const struct options o = { rows, sizeof rows / sizeof *rows, true, help };
	struct check c = { .colours = out_colours() };
	int letter, status;

	while ((letter = option_next(argc, argv, &o, &status)) != OPTION_END) {
		if (letter == OPTION_DONE)
			return status;
		status = words_find(WORDS(formats), optarg);
		if (status < 0)
			return out_refuse("check", "--format: text, gcc or json, and not `%s`",
					  optarg);
		c.format = (enum format)status;
	}
	c.all = c.format == FORMAT_JSON ? json_array() : NULL;
	if (optind == argc)
		check(&c, NULL);
	for (; optind < argc; optind++)
		check(&c, argv[optind]);
	status = c.errors ? 1 : 0;
	return c.all ? json_end(c.all, status) : out_end(status);
}

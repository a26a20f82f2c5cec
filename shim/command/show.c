#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/reader.h"
#include "shim/command/choice.h"
#include "shim/command/command.h"
#include "shim/command/lines.h"
#include "shim/command/option.h"
#include "shim/command/out.h"
#include "shim/state.h"

static const char help[] =
	"usage: nsshim show [PROFILE]\n"
	"\n"
	"Prints the text of a profile, a name, a path or an inline rule, after a\n"
	"comment that tells where it is; without one: NSSHIM_PROFILE's, or `default`.\n"
	"What is printed is a profile:\n"
	"\n"
	"  nsshim show own-net >~/.config/nsshim/mine.ini\n"
	"\n"
	"Exit status: 0; 125 there is no such profile, or it cannot be read.\n";

static const struct option_row rows[] = { OPTION_HELP };

/* Each of its assignments in a line of its own, which has to hold it. */
static int print_inline(const char *text)
{
	struct reader r = reader_over(text, strlen(text), true);
	struct line l;

	if (strchr(text, '\n'))
		return out_refuse("show", "a newline in a value: no line of a file has one");
	puts("; NSSHIM_PROFILE\n[inline]");
	while (reader_next(&r, &l) != LINE_END)
		printf("%.*s\n", (int)l.len, l.text);
	return 0;
}

static int show(const struct source *s)
{
	struct reader r;
	struct fault f;
	size_t len;
	char *text;

	switch (s->kind) {
	case SOURCE_INLINE:
		return print_inline(s->text);
	case SOURCE_BUILTIN:
		printf("; the built-in profile\n%s", profile_built_in);
		return 0;
	case SOURCE_NONE:
		puts("; none: no rules");
		return 0;
	case SOURCE_FILE:
		break;
	}
	text = lines_text(s->text, &len, &f);
	if (!text)
		return out_fault(&f);
	printf("; %s\n", s->text);
	/* Behind a byte order mark, which would not be first any more. */
	r = reader_over(text, len, false);
	fwrite(r.at, 1, (size_t)(r.end - r.at), stdout);
	free(text);
	return 0;
}

int command_show(int argc, char **argv)
{
	const struct options o = { rows, sizeof rows / sizeof *rows, true, help };
	char path[PATH_MAX];
	struct source s;
	struct fault f;
	int status;

	if (option_next(argc, argv, &o, &status) != OPTION_END)
		return status;
	if (argc - optind > 1)
		return option_misused("show", &o, "one profile at a time");
	if (choice_locate(optind < argc ? argv[optind] : NULL, &s, path, &f))
		return out_fault(&f);
	return out_end(show(&s));
}

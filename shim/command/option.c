#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "conf/guess.h"
#include "shim/command/option.h"
#include "shim/command/out.h"
#include "shim/state.h"

enum { MOST = 40 };

static int unknown(char **argv, const struct options *o)
{
	char words[MOST][2 + sizeof o->row->name], line[256];
	struct text t = text_in(line, sizeof line);
	const char *given = argv[optind - 1];
	size_t len;

	for (unsigned i = 0; i < o->count; i++) {
		memcpy(words[i], "--", 2);
		memcpy(words[i] + 2, o->row[i].name, sizeof o->row[i].name);
	}
	if (strncmp(given, "--", 2) != 0)
		return out_refuse(argv[0], "there is no option `-%c`: nsshim %s --help", optopt,
				  argv[0]);
	len = strcspn(given, "=");
	guess_tell(&t, (struct words){ *words, sizeof *words, o->count }, given, len);
	return out_refuse(argv[0], "there is no option `%.*s`%s%s", (int)len, given, line,
			  line[0] ? "" : ": --help shows them");
}

static int wrong(int c, char **argv, const struct options *o)
{
	if (c == ':')
		return out_refuse(argv[0], "`%s` needs a value", argv[optind - 1]);
	/* A long one that takes no value, or is short for several. */
	if (optopt && strncmp(argv[optind - 1], "--", 2) == 0)
		return out_refuse(argv[0], "`%s`: that option takes no value", argv[optind - 1]);
	return unknown(argv, o);
}

int option_next(int argc, char **argv, const struct options *o, int *status)
{
	struct option longs[MOST + 1] = { 0 };
	char shorts[3 * MOST + 3];
	struct text t = text_in(shorts, sizeof shorts);
	int c;

	text_str(&t, o->words ? ":" : "+:");
	for (unsigned i = 0; i < o->count; i++) {
		const struct option_row *r = &o->row[i];

		longs[i] = (struct option){ r->name,
					    r->value == OPTION_PERHAPS_LONG ? optional_argument
									    : r->value,
					    NULL, r->letter };
		if (r->letter < 'A')
			continue;
		text_bytes(&t, &r->letter, 1);
		text_str(&t, r->value == OPTION_PERHAPS ? "::"
			     : r->value == OPTION_VALUE ? ":"
							: "");
	}
	opterr = 0;
	c = getopt_long(argc, argv, shorts, longs, NULL);
	if (c == 'h')
		*status = out_text(o->help);
	else if (c == '?' || c == ':')
		*status = wrong(c, argv, o);
	else
		return c == -1 ? OPTION_END : c;
	return OPTION_DONE;
}

int option_misused(const char *command, const struct options *o, const char *why)
{
	out_refuse(command, "%s", why);
	fprintf(stderr, "%.*s\n", (int)strcspn(o->help, "\n"), o->help);
	return EXIT_PROFILE;
}

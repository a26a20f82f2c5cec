/* The options of a command: getopt_long(3), for which nothing has to be relocated at load. */
#ifndef SHIM_COMMAND_OPTION_H
#define SHIM_COMMAND_OPTION_H

#include <stdbool.h>
#include <stddef.h>

/* None, one, or perhaps one: after a `=`, and right behind the letter or not so. */
enum option_value { OPTION_PLAIN, OPTION_VALUE, OPTION_PERHAPS, OPTION_PERHAPS_LONG };

/* Without pointers, so that the helper image does not pay for them (as struct option would). */
struct option_row {
	char name[22];
	char letter; /* what option_next() returns, and the short option where it is a letter */
	unsigned char value; /* enum option_value: what optarg is then */
};

struct options {
	const struct option_row *row;
	unsigned count;
	bool words; /* what is no option may stand before one: there is no program's command line */
	const char *help;
};

#define OPTION_HELP                                                                                \
	{                                                                                          \
		"help", 'h', OPTION_PLAIN                                                          \
	}

enum { OPTION_END = -1, OPTION_DONE = -2 };

/*
 * The letter of the next option; OPTION_END: argv[optind] is the first of what is left. OPTION_DONE:
 * the command is to end with *status, since its help was asked for, or an option is wrong, which has
 * been told.
 */
int option_next(int argc, char **argv, const struct options *o, int *status);

/* The command needs more words, or fewer: tells that, and how it is used. Returns EXIT_PROFILE. */
int option_misused(const char *command, const struct options *o, const char *why);

#endif

/* The profile that a command is to use: its options -p and -e, or what the library would take. */
#ifndef SHIM_COMMAND_CHOICE_H
#define SHIM_COMMAND_CHOICE_H

#include <limits.h>

#include "conf/profile.h"
#include "shim/command/option.h"

struct choice {
	const char *profile; /* -p, as a value of NSSHIM_PROFILE; null: not given */
	char *keys;	     /* all -e, as an inline rule; null: none */
	const char *bad;     /* an -e that is no assignment; null: none */
	const char *value;   /* of NSSHIM_PROFILE, by choice_make(); null: it is unset */
	struct source source;
	char file[PATH_MAX]; /* the text of source, where that is a file */
};

#define CHOICE_OPTIONS                                                                             \
	{ "profile", 'p', OPTION_VALUE },                                                          \
	{                                                                                          \
		"set", 'e', OPTION_VALUE                                                           \
	}
#define CHOICE_HELP                                                                                \
	"  -p, --profile PROFILE  a name, a path with a slash, an inline rule or none;\n"          \
	"                         without it NSSHIM_PROFILE's, or `default`\n"                     \
	"  -e, --set KEY=VALUE    a rule of these keys; with -p, keys of its one rule\n"

/* The value of NSSHIM_PROFILE that the library would take; null: it is unset. */
const char *choice_default(void);

/* A profile by the name that was given; null: what the library would take. As locate(). */
int choice_locate(const char *name, struct source *src, char *buf, struct fault *f);

/* Takes an option; false: it is neither -p nor -e. */
bool choice_option(struct choice *c, int letter, const char *value);

/*
 * Takes all options of a command that has no others, and a program behind them: argv[optind]. False:
 * the command is to end with *status, as of option_next().
 */
bool choice_program(struct choice *c, int argc, char **argv, const char *help, int *status);

/*
 * Fills in value and source. 0; -1, and it has been told: there is no such profile, or the keys are
 * not those of a rule.
 */
int choice_make(struct choice *c, const char *command);

/* Reads it; null, and all its errors are told. */
struct profile *choice_load(const struct choice *c);

#endif

/* What else has to be true for a rule to fit: the key only_if. child-safe */
#ifndef CONF_CONDITION_H
#define CONF_CONDITION_H

#include <sys/types.h>

enum condition_kind {
	IF_UID,	   /* the effective user id is `number` */
	IF_ENV,	   /* `name` is in the environment, with the value `text` where that is not null */
	IF_PARENT, /* `text`, a pattern, fits the program that executes this one */
	IF_ARG,	   /* argument `number` fits the pattern `text` */
	IF_TTY,	   /* standard input is a terminal */
	IF_NOT_ROOT, /* the effective user id is not 0 */
};

struct condition {
	enum condition_kind kind;
	uid_t number;
	const char *name, *text;
};

struct draft;

/* The value of only_if: fills in *c, or refuses it. */
void condition_value(struct draft *d, const char *value, struct condition *c);

#endif

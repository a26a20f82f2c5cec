/* A rule that is written from what another tool has been told. */
#ifndef SHIM_COMMAND_WRITTEN_H
#define SHIM_COMMAND_WRITTEN_H

#include <stdio.h>

struct written {
	FILE *to;
	char *text;
	size_t size;
	unsigned lost;	  /* what could not be said */
	const char *file; /* the place that this is told with; null: none */
	unsigned line;
};

void written_begin(struct written *w, const char *rule);

/* KEY = VALUE, where a profile can say it. A value's `%` are no more than that. */
void written_line(struct written *w, const char *key, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* What has no key: a comment in the rule, and a line on standard error. */
void written_lost(struct written *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A comment. */
void written_note(struct written *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The word, in quotes where it has blanks, into buf; returns buf. */
enum { WRITTEN_WORD = 4096 };
const char *written_word(char buf[WRITTEN_WORD], const char *word);

/* Ends without printing it. */
void written_drop(struct written *w);

/* Prints it. The exit status: 0; 1 something was lost, or it is no rule, which has been told. */
int written_end(struct written *w);

#endif

/*
 * The lines of a text, and of the files that it includes, into a draft (conf/draft.h). child-safe
 */
#ifndef CONF_PARSE_H
#define CONF_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "conf/draft.h"
#include "conf/file.h"
#include "conf/reader.h"

/* A short line, and what inih made of it. */
struct memo {
	const char *line;
	size_t len;
	char key[12], value[12];
};

enum { MEMOS = 16 };

/* A text that is being read; the one that includes it waits meanwhile. */
struct parse {
	struct reader reader;
	struct draft *draft;
	const struct parse *outer; /* null: the profile itself */
	file_trusts *trusts;
	dev_t dev; /* the file, where it is one */
	ino_t ino;
	bool swallow;	  /* what follows belongs to a header that was refused */
	struct line line; /* that inih has now */
	unsigned handed;  /* lines that inih had, and made nothing of */
	struct memo memo[MEMOS];
};

/*
 * Reads a text, for whose rules parse_headers() says what room the draft has to have. All of *p that
 * is not set by the caller, who knows the draft and where the text is from, is zero.
 */
void parse(struct parse *p, const char *text, size_t len, bool inline_rule);

/* How many lines look like a section's header, at least as many as are one. */
unsigned parse_headers(const char *text, size_t len);

/* include = FILE: it ends the rule before it, as a header does (conf/include.c). */
#define PARSE_INCLUDE "include"
void parse_include(struct parse *p, const char *value);

#endif

/*
 * The lines of a profile, each looked at before inih sees it: what inih would cut, split, take for
 * more of the value before, or pass over in silence is refused here. All of it is child-safe.
 */
#ifndef CONF_READER_H
#define CONF_READER_H

#include <stdbool.h>
#include <stddef.h>

enum {
	LINE_MOST = 198,   /* bytes, the newline not counted: inih's buffer is 200 */
	SECTION_MOST = 49, /* bytes of a section's name: the same, 50 */
};

struct reader {
	const char *at, *end; /* what has not been read */
	bool inline_rule;     /* assignments with `;` between them, and nothing else */
	bool has_nul;	      /* somewhere */
	int line;	      /* the number of lines, or of assignments, that were read */
};

enum line_kind {
	LINE_END,
	LINE_SECTION, /* `name` is the section's */
	LINE_KEY,     /* `name` is the key; `text` is for inih */
	LINE_BAD,     /* `why`; `name` is what to call it */
};

struct line {
	enum line_kind kind;
	bool header;	  /* meant as a section's header, LINE_BAD or not */
	const char *text; /* without what ends it */
	size_t len;
	const char *name;
	size_t name_len;
	const char *why;
};

/* len bytes of a whole file, or of an inline rule. They stay where they are. */
struct reader reader_over(const char *text, size_t len, bool inline_rule);

/* The next line that is neither blank nor a comment; its number is r->line. */
enum line_kind reader_next(struct reader *r, struct line *l);

#endif

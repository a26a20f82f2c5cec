/*
 * Which rule decides for a program. Touches no file: what it must know of one, it asks through
 * struct subject.
 */
#ifndef CONF_MATCH_H
#define CONF_MATCH_H

#include "conf/profile.h"

/*
 * The program in question. The two questions are asked only for patterns with a slash whose last
 * component fits; the answers may be kept, match_first() does not ask twice in a row for nothing.
 * They return null with errno set where there is no answer; such a pattern does not fit.
 */
struct subject {
	const char *base; /* last component of the path as it was given */
	/* The absolute path as it was given (no symbolic link resolved). */
	const char *(*absolute)(struct subject *s);
	/* The same with every symbolic link resolved. May overwrite what absolute() returned. */
	const char *(*resolved)(struct subject *s);
	/* Do the conditions of the rule hold? Null: all do. Asked for what fits by its patterns. */
	bool (*holds)(struct subject *s, const struct rule *r);
	/* Is `path`, a pattern without special characters, the same file? */
	bool (*same)(struct subject *s, const char *path);
};

/* The index of p's rules, in its arena, that the two below use; null: no memory. child-safe */
struct index *match_index(const struct profile *p);

/* The first rule in file order that fits; null: none. child-safe */
const struct rule *match_first(const struct profile *p, struct subject *s);

/* Could any rule fit a program with this last component? Makes no system call. child-safe */
bool match_could(const struct profile *p, const char *base);

enum verdict {
	VERDICT_FITS,
	VERDICT_TEMPLATE,
	VERDICT_MATCH,	   /* it has match, of which none fits */
	VERDICT_EXCEPT,	   /* but *pattern does */
	VERDICT_CONDITION, /* which do not all hold */
};

/*
 * Would this rule fit, if none were before it, and why not? *pattern: of VERDICT_FITS the match that
 * does, null where it has none. child-safe
 */
enum verdict match_verdict(const struct rule *r, struct subject *s, const char **pattern);

#endif

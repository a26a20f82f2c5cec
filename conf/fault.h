/*
 * What failed: one record, filled where it happened, turned into words once, at the edge.
 * It holds no pointer, so that a child can leave it in memory it shares or send it through a pipe.
 * All of it is child-safe.
 */
#ifndef CONF_FAULT_H
#define CONF_FAULT_H

#include <stddef.h>

#include "conf/ns.h"

struct fault {
	int err;	/* errno; 0: no system call failed, `why` tells all */
	int line;	/* > 0: a line of the profile `path`, and `op` is the key */
	char rule[52];	/* the section whose entry failed; "": none */
	char ns[8];	/* the kind of namespace; "": none in particular */
	char op[24];	/* the system call or action; in a profile, the key */
	char path[200]; /* what it was done to; "": nothing that has a name */
	char why[400];	/* what is wrong, or what to do about it; "": the errno says it */
};

/*
 * Fills *f (rule, line and why are emptied) and sets errno to `err`. Returns -1, so that a
 * function can end in `return fault_set(f, "setns", NS_NET, path, errno);`. ns: NS_KINDS for none.
 * path may be null. A text that is too long loses its end.
 */
int fault_set(struct fault *f, const char *op, enum ns_kind ns, const char *path, int err);

/* As fault_set, for line `line` of the profile `file`. Always returns -1. */
int fault_at(struct fault *f, const char *file, int line, const char *key, const char *why);

/* Says whose entry it was: the rule's name. */
void fault_in(struct fault *f, const char *rule);

/* Adds words to f->why. */
void fault_why(struct fault *f, const char *words);

/*
 * The one line, with its newline, into buf; returns its length. One of
 *   nsshim: [RULE] NS: OP PATH: STRERROR (ENAME): WHY
 *   nsshim: FILE:LINE: KEY: WHY
 */
size_t fault_text(const struct fault *f, char *buf, size_t size);

/* What libc says of an errno; "": nothing. child-safe */
const char *fault_error(int err);

/* Writes that line to descriptor fd with fault_say(). */
void fault_write(const struct fault *f, int fd);

/*
 * Writes a line with one write(2). A failure is not reported, and raises no SIGPIPE or SIGXFSZ:
 * the process is our host. Keeps errno.
 */
void fault_say(int fd, const char *line, size_t len);

enum { FAULT_TEXT = 1024 }; /* room for any of them */

#endif

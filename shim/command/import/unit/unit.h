/* A unit of systemd: its lines, and their words (systemd.syntax(7), systemd.unit(5)). */
#ifndef SHIM_COMMAND_UNIT_H
#define SHIM_COMMAND_UNIT_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/arena.h"
#include "conf/guess.h"
#include "shim/command/import/written.h"

struct unit_line {
	const char *file;
	unsigned number;
	const char *key, *value;
	bool known; /* somebody has asked for the key */
	bool told;  /* what is wrong with it */
};

struct unit {
	struct written *w;
	struct arena *memory; /* of all texts below, and of what unit_text() and unit_word() give */
	const char *name;     /* web.service; empty: it came by standard input */
	bool own;	      /* of the manager of a user who is not root: he imports it */
	struct unit_line *line;
	size_t count, room;
	unsigned wrong; /* lines that say nothing that their key could mean, which have been told */
};

/*
 * Reads FILE, `-` being standard input, and FILE.d/ *.conf after it. What counts are the lines of
 * [Service], and JoinsNamespaceOf of [Unit]. -1: it cannot be read, or is no unit; it has been told.
 */
int unit_read(struct unit *u, const char *file);

/*
 * The lines with one of the keys, which are parted by blanks, from the last on that is empty, which
 * takes back what was before it; null: no more. They are known from then on, and what is lost or
 * wrong is told with the place of the line that was given last.
 */
const struct unit_line *unit_next(struct unit *u, const char *keys, const struct unit_line *before);

/* The one of them that counts where only the last does; null: none. */
const struct unit_line *unit_last(struct unit *u, const char *keys);

/* Is there a line with the key, if only one that is empty? */
bool unit_said(const struct unit *u, const char *key);

/* Of a line that is there: its value is none that its key can have. */
void unit_wrong(struct unit *u, const struct unit_line *l, const char *why);

/* What the line asks for has no counterpart. why: may be null. */
void unit_lost(struct unit *u, const struct unit_line *l, const char *why);

/* 1: yes, true, on, 1; 0: no, false, off, 0; -1: neither. */
int unit_boolean(const char *value);

/* Does the last line say yes? No such line, or an empty one: false. Neither: wrong, and false. */
bool unit_yes(struct unit *u, const char *key);

/* Which of the words its value is, or with yes or no the first or second; -1: wrong, or no line. */
int unit_choice(struct unit *u, const char *key, struct words all);

/* The last line's value with what its specifiers stand for; null: none, or it is lost. */
const char *unit_value(struct unit *u, const char *key);
const char *unit_text(struct unit *u, const struct unit_line *l, const char *text);

/* The next word of a value, from *at on, without its quotes, as unit_text(). False: no more. */
bool unit_word(struct unit *u, const struct unit_line *l, const char **at, const char **word);

/* A copy in u->memory, as printf(3). */
const char *unit_print(struct unit *u, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif

/* The word that was meant. All of it is child-safe. */
#ifndef CONF_GUESS_H
#define CONF_GUESS_H

#include <stddef.h>

#include "conf/text.h"

/* Words as one array of texts of the same width: no pointers, so nothing to relocate at load. */
struct words {
	const char *word;
	unsigned width;
	unsigned count;
};

#define WORDS(array) ((struct words){ *(array), sizeof *(array), sizeof(array) / sizeof *(array) })

const char *words_at(struct words w, unsigned i);

/* Which of the words it is; -1: none. */
int words_find(struct words w, const char *text);

/*
 * The nearest of the words, the first of several; null where none is within two edits (a letter
 * more, less, exchanged, or swapped with its neighbour) that leave half of the text as it is. Upper
 * and lower case are the same.
 */
const char *guess(struct words w, const char *text, size_t len);

/* Adds ": did you mean `WORD`?" where there is a guess. */
void guess_tell(struct text *t, struct words w, const char *text, size_t len);

#endif

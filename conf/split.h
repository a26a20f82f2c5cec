/* A value in its words. All of it is child-safe. */
#ifndef CONF_SPLIT_H
#define CONF_SPLIT_H

#include <stdint.h>

#include "conf/draft.h"
#include "conf/guess.h"

/*
 * The words of a value, blanks between them, into the draft's memory. A word that begins with a
 * double quote goes to the next one, and may have blanks; `\"` in it is one that it keeps. The last
 * of `most` is the rest of the value as it stands. Returns how many there are; 0: it is refused, as
 * is a value of less than `least` words, with `form` as what it should be.
 */
unsigned split(struct draft *d, enum key key, const char *value, const char **word, unsigned least,
	       unsigned most, const char *form);

/*
 * Words with commas between them, as bits in the order of `all`. What has the form NAME=VALUE fits
 * a word `NAME=` and leaves VALUE in arg[its number]. False: refused.
 */
bool split_flags(struct draft *d, enum key key, const char *list, struct words all,
		 unsigned long *flags, const char **arg);

/* The number of the word that the value is; -1 where it is none, which is told. */
int split_word(struct draft *d, enum key key, const char *value, struct words w);

/* Is it yes? No, and what is neither, which is told, is not. */
bool split_yes(struct draft *d, enum key key, const char *value);

/* A decimal number from `least` to `most`. False: it is none, which is told. */
bool split_number(struct draft *d, enum key key, const char *word, int64_t least, int64_t most,
		  int64_t *n);

#endif

/* The words for a value that a key cannot have. All of it is child-safe. */
#ifndef CONF_REFUSE_H
#define CONF_REFUSE_H

#include "conf/draft.h"

enum { REFUSE_WHY = sizeof((struct fault *)0)->why };

/* The key's name, in an array of these many bytes at most. */
enum { KEY_NAME = sizeof item_row->name };
const char *key_name(enum key key); /* conf/keys.c */

void refuse(struct draft *d, enum key key, const char *why);

/* Says `a`, the value in quotes, and `b`. */
void refuse_value(struct draft *d, enum key key, const char *a, const char *value, const char *b);

/* Words about another line of the same rule, whose number is their end. */
void refuse_line(struct draft *d, enum key key, const char *words, int line);

/* The line of a key that was given, or of `extends`, by which the rule has it. */
int refuse_seen(const struct draft *d, enum key key);

/* Of a key that was given before, at the end of its rule: errors are told in the order of lines. */
void refuse_earlier(struct draft *d, enum key key, const char *words);

/* The value, which has to be an absolute path, as the rule keeps it; null where it is refused. */
const char *refuse_relative(struct draft *d, enum key key, const char *value);

#endif

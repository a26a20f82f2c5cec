/* Words in one text: names that are known, parted by blanks, and values of a rule, by commas. */
#ifndef SHIM_COMMAND_LIST_H
#define SHIM_COMMAND_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* Is the word one of those in `words`, which are parted by blanks? */
bool list_has(const char *words, const char *word);

/* Adds the word to list[size], with a comma before it where it is not the first. */
void list_add(char *list, size_t size, const char *word);

#endif

/* Where in its file a rule says something: profiles are kept without the lines of most keys. */
#ifndef SHIM_COMMAND_LINES_H
#define SHIM_COMMAND_LINES_H

#include "conf/profile.h"

/*
 * The line of the rule's key, whose value begins with `value` (null: the first); that of its header
 * where there is none such. text: of an inline rule; null: it is in rule->file.
 */
int lines_find(const struct rule *rule, const char *text, const char *key, const char *value);

/* The whole text of a file that the library would read, of *len bytes; null and *f. To be freed. */
char *lines_text(const char *file, size_t *len, struct fault *f);

#endif

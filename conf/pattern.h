/*
 * Patterns for program names: fnmatch(3) without flags, bytewise and in the C locale.
 * Not fnmatch itself, which allocates in UTF-8 locales and so cannot run in a forked child.
 */
#ifndef CONF_PATTERN_H
#define CONF_PATTERN_H

#include <stdbool.h>

/* Does the whole of `text` fit? `*` and `?` fit slashes too. child-safe, time O(pattern * text) */
bool pattern_fits(const char *pattern, const char *text);

/*
 * Could the pattern, which has a slash, fit some path whose last component is `base`? Never a false
 * no, so that a path need not be made to learn it. child-safe
 */
bool pattern_could(const char *pattern, const char *base);

/* Does what stands after the pattern's last slash fit `base`? child-safe */
bool pattern_ends(const char *pattern, const char *base);

/* Has it no character that is special to pattern_fits (`*`, `?`, `[`, `\`)? child-safe */
bool pattern_literal(const char *pattern);

/* What stands after the last slash. child-safe */
const char *pattern_base(const char *path);

#endif

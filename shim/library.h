/* Where the library's own file is, and the helper image beside it. For the constructor. */
#ifndef SHIM_LIBRARY_H
#define SHIM_LIBRARY_H

#include <stdbool.h>

/*
 * The library's path into path[PATH_MAX], absolute where it can be: as it is named in this value
 * of LD_PRELOAD (null: unset), or, where that is no path (a bare name, $LIB), as it was found.
 */
void library_find(const char *preload, char *path);

/*
 * How LD_PRELOAD names that file, where that is another word than its path: ld.so's $LIB, which
 * leads programs of each ABI to theirs, as the value has it, or where a bare name was found in the
 * folder of that word. Into name[PATH_MAX]; false: by its path.
 */
bool library_name(const char *preload, const char *path, char *name);

/*
 * The path with a word, LIBWORD say, in the place of LIBDIR. False: it is not there, or this LIBDIR
 * is no folder for which ld.so has a word (LIBWORD is "").
 */
bool library_by_word(const char *path, const char *word, char *name);

/* The path of the helper image beside it into path[PATH_MAX]; "" where there is no telling. */
void library_helper(const char *library, char *path);

#endif

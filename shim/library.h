/* Where the library's own file is, and the helper image beside it. For the constructor. */
#ifndef SHIM_LIBRARY_H
#define SHIM_LIBRARY_H

/*
 * The library's path into path[PATH_MAX], absolute where it can be: as it is named in this value
 * of LD_PRELOAD (null: unset), or, where that is no path (a bare name, $LIB), as it was found.
 */
void library_find(const char *preload, char *path);

/* The path of the helper image beside it into path[PATH_MAX]; "" where there is no telling. */
void library_helper(const char *library, char *path);

#endif

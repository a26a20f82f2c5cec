/* Names of files, made absolute or resolved without the heap. All of it is child-safe. */
#ifndef SHIM_PATH_H
#define SHIM_PATH_H

#include <stdbool.h>

/*
 * The absolute path of `path` (relative to dirfd, as openat(2)) as it is spelled, into
 * buf[PATH_MAX]: no link is resolved; a leading `./` goes. An empty path is the file of dirfd.
 * Returns buf; null and errno.
 */
char *path_absolute(int dirfd, const char *path, char *buf);

/*
 * The file of a descriptor, as the kernel names it, into buf[PATH_MAX]; one that was unlinked by
 * the name it had. Returns buf; null and errno.
 */
char *path_of(int fd, char *buf);

/*
 * The file of the program that this process runs, into buf[PATH_MAX]; "" where there is no telling.
 * Returns buf.
 */
char *path_self(char *buf);

/* Does it lead through the kernel's own links, so that its last component names no file? */
bool path_magic(const char *path);

/*
 * The same file by a path without links, in buf of PATH_MAX. Null: it has none here, though another
 * file may be called so (/proc/PID/root).
 */
char *path_plain(const char *path, char *buf);

/*
 * Resolves every symbolic link of the absolute path in buf[PATH_MAX], in place. Returns buf; null
 * and errno (ENOENT: a part is not there). Needs no descriptor and no /proc, unlike open with
 * O_PATH and readlink of /proc/self/fd: a host may have neither to spare.
 */
char *path_resolve(char *buf);

#endif

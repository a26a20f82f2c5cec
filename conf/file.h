/* A file of settings, read whole. All of it is child-safe. */
#ifndef CONF_FILE_H
#define CONF_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "conf/fault.h"

enum { FILE_MOST = 64 << 20 };

/* Is a file that this uid, not 0, owns as good as root's? Asked only where there is such a file. */
typedef bool file_trusts(uid_t owner);

/*
 * May root act on what this file says? -1 and *f where somebody else could have written it: its
 * owner is neither uid 0 nor trusted, or group or others may write it. trusts null: every file is
 * as good as another. st: of the opened descriptor, never of the name.
 */
int file_trust(const struct stat *st, const char *path, file_trusts *trusts, struct fault *f);

/* A number that is another one when the file is, or has been changed; never 0. */
unsigned long long file_stamp(const struct stat *st);

/*
 * Opens a regular file of at most FILE_MOST bytes that file_trust() accepts. Returns the
 * descriptor, and what fstat(2) says; -1 and *f. A fifo or a device is refused without being waited
 * for.
 */
int file_open(const char *path, file_trusts *trusts, struct stat *st, struct fault *f);

/*
 * Reads it into buf, which has room for size + 1 bytes, and closes fd. Returns 0; -1 and *f, also
 * where the file has another size by now: half a profile is another profile.
 */
int file_read(int fd, const char *path, char *buf, size_t size, struct fault *f);

#endif

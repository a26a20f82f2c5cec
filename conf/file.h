/* A file of settings, read whole. All of it is child-safe. */
#ifndef CONF_FILE_H
#define CONF_FILE_H

#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "conf/fault.h"

enum { FILE_MOST = 64 << 20 };

/*
 * May root act on what this file says? -1 and *f where somebody else could have written it: its
 * owner is neither uid 0 nor trusted_uid, or group or others may write it. (uid_t)-1: all are
 * trusted. st: of the opened descriptor, never of the name.
 */
int file_trust(const struct stat *st, const char *path, uid_t trusted_uid, struct fault *f);

/*
 * Opens a regular file of at most FILE_MOST bytes that file_trust() accepts. Returns the
 * descriptor, and the size; -1 and *f. A fifo or a device is refused without being waited for.
 */
int file_open(const char *path, uid_t trusted_uid, size_t *size, struct fault *f);

/*
 * Reads it into buf, which has room for size + 1 bytes, and closes fd. Returns 0; -1 and *f, also
 * where the file has another size by now: half a profile is another profile.
 */
int file_read(int fd, const char *path, char *buf, size_t size, struct fault *f);

#endif

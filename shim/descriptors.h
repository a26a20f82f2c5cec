/* Many descriptors of this process at once. child-safe */
#ifndef SHIM_DESCRIPTORS_H
#define SHIM_DESCRIPTORS_H

/* Closes all from this one on, but one; -1: none. 0 or an errno. */
int descriptors_close(unsigned from, int but);

/* Has an exec close all from one to another. 0 or an errno. */
int descriptors_mark(unsigned from, unsigned to);

/* The same of those in a directory, /proc/self/fd: where the system call is missing or denied. */
int descriptors_mark_listed(int dir, unsigned from, unsigned to);

#endif

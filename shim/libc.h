/*
 * Which libc the program has. One file of the library serves programs of glibc and of musl: it is
 * linked with what both have, and what one of them lacks is a weak name (conf/fault.c, shim/next.c).
 */
#ifndef SHIM_LIBC_H
#define SHIM_LIBC_H

#include <stdbool.h>

bool libc_is_musl(void);

/*
 * For the constructor, in musl, which hands it no arguments: the words of the program as the kernel
 * laid them out. False: another library has exchanged the environment before, and they are lost.
 */
bool libc_words(char ***argv, char ***envp);

#endif

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
 * laid them out. Where another library has exchanged the environment before, argv is lost, and null,
 * and envp the exchanged one.
 */
void libc_words(char ***argv, char ***envp);

#endif

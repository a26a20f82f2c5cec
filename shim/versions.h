/*
 * The names of libc's versions on this machine. For the linker's map too, which the preprocessor
 * sees first: names alone, and no text.
 *
 * VERSION_FIRST: of what libc has had from its first version there on. VERSION_SPAWN, VERSION_PATH
 * and VERSION_SHELL, where it is older than they: those of posix_spawn, of execvpe, and of the
 * posix_spawn that gives a script without #! to the shell.
 */
#ifndef SHIM_VERSIONS_H
#define SHIM_VERSIONS_H

/* clang-format off */

#if defined __x86_64__
#define VERSION_FIRST GLIBC_2.2.5
#define VERSION_SHELL GLIBC_2.2.5
#elif defined __i386__
#define VERSION_FIRST GLIBC_2.0
#define VERSION_SHELL GLIBC_2.2
#elif defined __aarch64__
#define VERSION_FIRST GLIBC_2.17
#elif defined __riscv
#define VERSION_FIRST GLIBC_2.27
#endif

#ifdef VERSION_SHELL
#define VERSION_PATH  GLIBC_2.11
#define VERSION_SPAWN GLIBC_2.15
#endif

#define VERSION_TEXT_(name) #name
#define VERSION_TEXT(name)  VERSION_TEXT_(name)

#endif

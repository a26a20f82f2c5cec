/*
 * nsshim --filter: compiles the names of system calls that a rule denies into a program for seccomp,
 * and writes it to a descriptor. The only user of libseccomp, which allocates; filter.c starts it.
 */
#ifndef SHIM_COMPILER_H
#define SHIM_COMPILER_H

#include <stdbool.h>

/* After `nsshim --filter`: lists of names with commas between them, one of each line. */
enum { COMPILER_SOCK = 2, COMPILER_FILE, COMPILER_NAMES };

/*
 * argv: as above, null at its end. Answers with a fault, whose line is the number of the list, from
 * 1, in which a name is none. Returns an exit status.
 */
int compiler_main(char **argv);

/* Is it a system call, as far as libseccomp knows? */
bool compiler_knows(const char *name);

#endif

/* Will a program load the library? Where it will not, no load door opens in it. */
#ifndef SHIM_LOADS_H
#define SHIM_LOADS_H

#include <stdbool.h>

#include "shim/target.h"

/*
 * library: its absolute path. False where it will not, and where nobody can tell: a program that
 * is statically linked, of another machine, or runs with more power than its caller (ld.so(8),
 * secure-execution mode); one that cannot be read; a library that is out of reach; and what the
 * load door could not tell the name of, which is executed by a descriptor. child-safe
 */
bool loads(const struct target *t, const char *library);

/* The same for a program of another machine, where $LIB leads its ld.so to this file. child-safe */
bool loads_own(const struct target *t, const char *library);

#endif

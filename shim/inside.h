/*
 * Is this process inside already, though its memory is that of before the entry? It is where an
 * exec failed after the entry and there was no way back: a shell then interprets the script itself.
 *
 * A flag in memory would be wrong: a vfork child shares it with its parent, which is outside.
 * What is kept is the identity of the namespace that was entered, and the kernel is asked.
 */
#ifndef SHIM_INSIDE_H
#define SHIM_INSIDE_H

#include <stdbool.h>

#include "conf/ns.h"

/* A kind that the entry changed; NS_KINDS: none, and it is who has this memory. child-safe */
void inside_mark(enum ns_kind k);

bool inside(void); /* no system call where nothing was ever marked. child-safe */

#endif

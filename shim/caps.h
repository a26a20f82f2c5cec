/* Capabilities by name: libcap's knowledge, for the command. The child-safe question is
 * sys_capable(). */
#ifndef SHIM_CAPS_H
#define SHIM_CAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/capability.h>

/* Is it in this process's effective set? */
bool caps_have(cap_value_t cap);

/* Its name as capabilities(7) spells it, CAP_SETUID, into buf; returns buf. */
const char *caps_name(cap_value_t cap, char *buf, size_t size);

#endif

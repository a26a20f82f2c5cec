/*
 * Capabilities by name: libcap's knowledge, for the helper image. The child-safe question is
 * sys_capable().
 */
#ifndef SHIM_CAPS_H
#define SHIM_CAPS_H

#include <stdbool.h>
#include <stddef.h>

/* cap: CAP_* of capabilities(7). Is it in this process's effective set? */
bool caps_have(int cap);

/* Its name as capabilities(7) spells it, CAP_SETUID, into buf; returns buf. */
const char *caps_name(int cap, char *buf, size_t size);

#endif

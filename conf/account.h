/*
 * Ids by their names, from /etc/passwd and /etc/group alone: what other sources know, name services
 * look up, which a host's process cannot be made to do between fork and exec. child-safe
 */
#ifndef CONF_ACCOUNT_H
#define CONF_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ACCOUNT_USERS  "/etc/passwd"
#define ACCOUNT_GROUPS "/etc/group"

/* The third field of the line whose first is name[len]. False: there is none, or no such file. */
bool account_find(const char *file, const char *name, size_t len, uint32_t *id);

#endif

/* What decides how a rule's namespaces are, as one number. All of it is child-safe. */
#ifndef CONF_DIGEST_H
#define CONF_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "conf/profile.h"

/* Rules that ask for the same have the same number, whatever they match. */
uint64_t digest_rule(const struct rule *rule);

/* The number of what came before, and of these bytes. */
uint64_t digest_more(uint64_t digest, const void *bytes, size_t len);

#endif

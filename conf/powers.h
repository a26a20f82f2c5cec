/*
 * The values of what gives and takes powers: ids, capabilities, filters. They are done in the order
 * of enum item_op. no_new_privs is first, since Landlock may need it. Landlock comes before the
 * ids, since its paths are opened with the powers of the entry, and before limits, which could deny
 * it the descriptors; limits before the ids, since to raise one needs a capability. Groups come
 * before the gid and that before the uid, which takes the capability for the others along;
 * capabilities after the uid, whose change clears them; securebits are set on the way, since that
 * needs a capability.
 * All of it is child-safe.
 */
#ifndef CONF_POWERS_H
#define CONF_POWERS_H

#include "conf/draft.h"

/* number[0] of ITEM_CAPS is a set of 1 << CAP_*: of flags CAPS_LIST these, of CAPS_BUT all others. */
enum powers_caps { CAPS_KEEP, CAPS_DROP, CAPS_LIST, CAPS_BUT };

/* flags of ITEM_SECCOMP, whose word[0] is the path, or names with commas between them. */
enum powers_seccomp { SECCOMP_FILE, SECCOMP_DENY };

/* In the order of the bits (capabilities(7)). */
enum { POWERS_CAPS = 41, POWERS_CAP = 20 };
extern const char powers_cap[POWERS_CAPS][POWERS_CAP];

void powers_value(struct draft *d, enum key key, const char *value, struct item *it);

#endif

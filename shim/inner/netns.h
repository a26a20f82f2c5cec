/* What belongs to a named network beside its namespace: ip-netns(8). child-safe */
#ifndef SHIM_NETNS_H
#define SHIM_NETNS_H

#include <stdbool.h>

#include "conf/profile.h"

/* Has the network, one of NS_NETNS, files of its own in /etc/netns/NAME? Makes one system call. */
bool netns_has_files(const struct ns_spec *n);

#endif

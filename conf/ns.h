/* The kinds of namespace that Linux has (namespaces(7)): the one table of them. */
#ifndef CONF_NS_H
#define CONF_NS_H

#include <stddef.h>

enum ns_kind {
	NS_USER,
	NS_MNT,
	NS_PID,
	NS_NET,
	NS_IPC,
	NS_UTS,
	NS_CGROUP,
	NS_TIME,
	NS_KINDS, /* how many there are; also "no kind" */
};

/* Arrays, not pointers: a preloaded library pays for each relocation in every process. */
struct ns_type {
	char name[8]; /* the key of a profile, and the file /proc/PID/ns/NAME */
	int flag;     /* CLONE_NEW*, as unshare(2) and setns(2) take it */
};

extern const struct ns_type ns_table[NS_KINDS];

/* The kind that `name` (of `len` bytes) names; NS_KINDS where it names none. child-safe */
enum ns_kind ns_find(const char *name, size_t len);

#endif

/*
 * One function for each item of a rule (conf/item.h). All return 0, or -1 with a fault that names
 * the system call, and the remedy where they know one. All are child-safe.
 * names.c: the uts, net and ipc namespaces. clocks.c: a time namespace. life.c: the process.
 */
#ifndef SHIM_DEED_H
#define SHIM_DEED_H

#include "shim/enter.h"

typedef int deed_fn(struct entry *e, const struct item *it, struct fault *f);

deed_fn deed_hostname, deed_domainname, deed_sysctl;			       /* names.c */
deed_fn deed_clock;							       /* clocks.c */
deed_fn deed_oom, deed_cgroup, deed_nice, deed_ioprio, deed_cpus, deed_rlimit; /* life.c */
deed_fn deed_session, deed_umask, deed_die, deed_close;

/* Is the hard limit that the item asks for above that of now? child-safe */
bool deed_rlimit_rises(const struct item *it);

#endif

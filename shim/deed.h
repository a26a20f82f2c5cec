/*
 * One function for each item of a rule (conf/item.h). All return 0, or -1 with a fault that names
 * the system call, and the remedy where they know one. All are child-safe.
 * names.c: the uts, net and ipc namespaces. clocks.c: a time namespace. binds.c, nodes.c,
 * pseudo.c, overlay.c, devices.c, root.c: files, by what shim/files.h has in common for them.
 */
#ifndef SHIM_DEED_H
#define SHIM_DEED_H

#include "shim/enter.h"

typedef int deed_fn(struct entry *e, const struct item *it, struct fault *f);

deed_fn deed_hostname, deed_domainname, deed_sysctl;			  /* names.c */
deed_fn deed_clock;							  /* clocks.c */
deed_fn deed_bind, deed_ro, deed_hide, deed_file, deed_dir, deed_symlink; /* binds.c, nodes.c */
deed_fn deed_tmpfs, deed_system, deed_overlay;				  /* pseudo.c, overlay.c */
deed_fn deed_dev;							  /* devices.c */
deed_fn deed_root;							  /* root.c */

#endif

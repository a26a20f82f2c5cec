/*
 * One function for each item of a rule (conf/item.h). All return 0, or -1 with a fault that names
 * the system call, and the remedy where they know one. All are child-safe.
 * names.c: the uts, net and ipc namespaces. clocks.c: a time namespace. life.c: the process.
 * privilege.c: capabilities and what goes with them. ids.c: ids. fence.c: Landlock. filter.c:
 * seccomp. binds.c, nodes.c, pseudo.c, overlay.c, devices.c, root.c: files, by what shim/inner/files.h
 * has in common for them.
 */
#ifndef SHIM_DEED_H
#define SHIM_DEED_H

#include "shim/enter.h"

typedef int deed_fn(struct entry *e, const struct item *it, struct fault *f);

deed_fn deed_bind, deed_ro, deed_hide, deed_file, deed_dir, deed_symlink; /* binds.c, nodes.c */
deed_fn deed_tmpfs, deed_system, deed_overlay;				  /* pseudo.c, overlay.c */
deed_fn deed_dev;							  /* devices.c */
deed_fn deed_root;							  /* root.c */
deed_fn deed_hostname, deed_domainname, deed_sysctl;			  /* names.c */
deed_fn deed_clock;							  /* clocks.c */
deed_fn deed_oom, deed_cgroup, deed_nice, deed_ioprio, deed_cpus, deed_rlimit; /* life.c */
deed_fn deed_session, deed_umask, deed_die, deed_close;

/* What has to be seen of binds before any line of files is done. 0; -1 and a fault. */
int binds_begin(struct entry *e, struct fault *f);

/*
 * Does the item ask for more of the process than what it has, which takes capabilities of outside?
 * child-safe
 */
bool deed_needs_host(const struct item *it);

/* Is it to die with its parent, and that one has ended since the entry began? child-safe */
bool deed_orphan(const struct entry *e);

/*
 * Sets the signal of a parent's death: the rule's, or else that of before. Once more after each
 * change of ids, which clears it (prctl(2)). 0; -1 and a fault. child-safe
 */
int deed_mortal(struct entry *e, struct fault *f);

/*
 * For the monitor of a program that dies with its parent, which the monitor is to that: it dies
 * with its own. child-safe
 */
void deed_follow(const struct entry *e);

deed_fn deed_no_new_privs, deed_caps, deed_securebits; /* privilege.c */
deed_fn deed_groups, deed_gid, deed_uid;	       /* ids.c */
deed_fn deed_landlock;				       /* fence.c */
deed_fn deed_seccomp;				       /* filter.c */

/* What STEP_READY has to see beforehand. 0; -1 and a fault. */
int fence_ready(struct fault *f);
int filter_ready(struct entry *e, struct fault *f);

/*
 * no_new_privs, without which the kernel lets nobody filter himself who lacks CAP_SYS_ADMIN: unless
 * he has that, or the rule says no. 0; -1 and a fault.
 */
int privilege_forgo(const struct entry *e, struct fault *f);

/*
 * Before and after a change of the uid: what the rule keeps or needs of the capabilities stays.
 * privilege_hold() returns 1 where privilege_regain() is owed, else 0; both -1 and a fault.
 */
int privilege_hold(const struct entry *e, struct fault *f);
int privilege_regain(struct fault *f);

#endif

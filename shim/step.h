/*
 * One function for each step of a plan. All return 0, or -1 with a fault that names the system
 * call, and note in the entry what is no longer as it was. All are child-safe.
 * join.c: into namespaces that are there. member.c: into those of a set, which may have to be made.
 * ahead.c: into those that were made ahead. create.c: into new ones. settle.c: what is set up
 * inside. deed.c: what else a rule asks for. root.c: the end of its files. shift.c: mounts with ids
 * shifted. netns.c: the files of a network by name. dirs.c: root, working directory, and the /proc of
 * before. back.c: the way back.
 */
#ifndef SHIM_STEP_H
#define SHIM_STEP_H

#include "shim/enter.h"

typedef int step_fn(struct entry *e, const struct step *s, struct fault *f);

step_fn step_open, step_pidfd, step_hide, step_try, step_join;			/* join.c */
step_fn step_ready, step_items, step_privileged;				/* deed.c */
step_fn step_root, step_built;							/* root.c */
step_fn step_shift;								/* shift.c */
step_fn step_keep;								/* back.c */
step_fn step_dir, step_procfs, step_same, step_take, step_cwd;			/* dirs.c */
step_fn step_netns;								/* netns.c */
step_fn step_share;								/* member.c */
step_fn step_ahead;								/* ahead.c */
step_fn step_init, step_mapper, step_unshare, step_map, step_mapped, step_time; /* create.c */
step_fn step_private, step_loopback, step_ids, step_caps, step_proc;		/* settle.c */

void step_mapper_end(struct entry *e); /* after a failure, wherever it was */

#endif

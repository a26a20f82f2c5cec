/*
 * The values of the keys that concern the process: PHASE_HOST and PHASE_LIFE, and limits, which come
 * among the powers. child-safe
 */
#ifndef CONF_LIFE_H
#define CONF_LIFE_H

#include "conf/draft.h"

/*
 * Fills in the item, or refuses the value.
 * ITEM_OOM, ITEM_NICE, ITEM_UMASK: number[0]. ITEM_IOPRIO: number[0], as ioprio_set(2) takes it.
 * ITEM_CGROUP: word[0], the file cgroup.procs. ITEM_CPUS: data, as sched_setaffinity(2) takes it.
 * ITEM_RLIMIT: flags, a resource of getrlimit(2); number[0] soft, number[1] hard, -1: no limit.
 * ITEM_SESSION, ITEM_DIE: flags, 1 or 0. ITEM_CLOSE: data, what stays open, as pairs of unsigned:
 * from, to; in rising order, the first of them 0 to 2.
 */
void life_value(struct draft *d, enum key key, const char *value, struct item *it);

#endif

#include "conf/item.h"

const struct item_row item_row[ITEMS] = {
	[ITEM_HOSTNAME] = { "hostname", PHASE_NAMES, NS_UTS, false },
	[ITEM_DOMAINNAME] = { "domainname", PHASE_NAMES, NS_UTS, false },
	[ITEM_SYSCTL] = { "sysctl", PHASE_NAMES, NS_KINDS, true },
	[ITEM_MONOTONIC] = { "monotonic", PHASE_CLOCKS, NS_TIME, false },
	[ITEM_BOOTTIME] = { "boottime", PHASE_CLOCKS, NS_TIME, false },
	[ITEM_OOM] = { "oom_score_adj", PHASE_HOST, NS_KINDS, false },
	[ITEM_CGROUP] = { "cgroup_join", PHASE_HOST, NS_KINDS, false },
	[ITEM_NICE] = { "nice", PHASE_LIFE, NS_KINDS, false },
	[ITEM_IOPRIO] = { "ioprio", PHASE_LIFE, NS_KINDS, false },
	[ITEM_CPUS] = { "cpus", PHASE_LIFE, NS_KINDS, false },
	[ITEM_RLIMIT] = { "rlimit", PHASE_LIFE, NS_KINDS, true },
	[ITEM_SESSION] = { "new_session", PHASE_LIFE, NS_KINDS, false },
	[ITEM_UMASK] = { "umask", PHASE_LIFE, NS_KINDS, false },
	[ITEM_DIE] = { "die_with_parent", PHASE_LIFE, NS_KINDS, false },
	[ITEM_CLOSE] = { "close_fds", PHASE_LIFE, NS_KINDS, false },
};

#include "conf/item.h"

const struct item_row item_row[ITEMS] = {
	[ITEM_HOSTNAME] = { "hostname", PHASE_NAMES, NS_UTS, false },
	[ITEM_DOMAINNAME] = { "domainname", PHASE_NAMES, NS_UTS, false },
	[ITEM_SYSCTL] = { "sysctl", PHASE_NAMES, NS_KINDS, true },
	[ITEM_MONOTONIC] = { "monotonic", PHASE_CLOCKS, NS_TIME, false },
	[ITEM_BOOTTIME] = { "boottime", PHASE_CLOCKS, NS_TIME, false },
	[ITEM_NO_NEW_PRIVS] = { "no_new_privs", PHASE_POWERS, NS_KINDS, false },
	[ITEM_LANDLOCK_RO] = { "landlock_ro", PHASE_POWERS, NS_KINDS, true },
	[ITEM_LANDLOCK_RW] = { "landlock_rw", PHASE_POWERS, NS_KINDS, true },
	[ITEM_GROUPS] = { "groups", PHASE_POWERS, NS_KINDS, false },
	[ITEM_GID] = { "gid", PHASE_POWERS, NS_KINDS, false },
	[ITEM_UID] = { "uid", PHASE_POWERS, NS_KINDS, false },
	[ITEM_CAPS] = { "caps", PHASE_POWERS, NS_KINDS, false },
	[ITEM_SECUREBITS] = { "securebits", PHASE_POWERS, NS_KINDS, false },
	[ITEM_SECCOMP] = { "seccomp", PHASE_FILTERS, NS_KINDS, true },
};

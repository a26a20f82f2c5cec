#include "conf/item.h"

const struct item_row item_row[ITEMS] = {
	[ITEM_HOSTNAME] = { "hostname", PHASE_NAMES, NS_UTS, false },
	[ITEM_DOMAINNAME] = { "domainname", PHASE_NAMES, NS_UTS, false },
	[ITEM_SYSCTL] = { "sysctl", PHASE_NAMES, NS_KINDS, true },
	[ITEM_MONOTONIC] = { "monotonic", PHASE_CLOCKS, NS_TIME, false },
	[ITEM_BOOTTIME] = { "boottime", PHASE_CLOCKS, NS_TIME, false },
};

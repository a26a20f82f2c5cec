#include "conf/item.h"

const struct item_row item_row[ITEMS] = {
	[ITEM_HOSTNAME] = { "hostname", PHASE_NAMES, NS_UTS, false },
	[ITEM_DOMAINNAME] = { "domainname", PHASE_NAMES, NS_UTS, false },
	[ITEM_SYSCTL] = { "sysctl", PHASE_NAMES, NS_KINDS, true },
	[ITEM_MONOTONIC] = { "monotonic", PHASE_CLOCKS, NS_TIME, false },
	[ITEM_BOOTTIME] = { "boottime", PHASE_CLOCKS, NS_TIME, false },
	[ITEM_ROOT] = { "root", PHASE_FILES, NS_MNT, false },
	[ITEM_BIND] = { "bind", PHASE_FILES, NS_MNT, true },
	[ITEM_TMPFS] = { "tmpfs", PHASE_FILES, NS_MNT, true },
	[ITEM_PROC] = { "proc", PHASE_FILES, NS_MNT, false },
	[ITEM_SYSFS] = { "sysfs", PHASE_FILES, NS_MNT, true },
	[ITEM_DEVPTS] = { "devpts", PHASE_FILES, NS_MNT, true },
	[ITEM_DEV] = { "dev", PHASE_FILES, NS_MNT, false },
	[ITEM_MQUEUE] = { "mqueue", PHASE_FILES, NS_MNT, true },
	[ITEM_OVERLAY] = { "overlay", PHASE_FILES, NS_MNT, true },
	[ITEM_OVERLAY_TMP] = { "overlay-tmp", PHASE_FILES, NS_MNT, true },
	[ITEM_SYMLINK] = { "symlink", PHASE_FILES, NS_MNT, true },
	[ITEM_DIR] = { "dir", PHASE_FILES, NS_MNT, true },
	[ITEM_FILE] = { "file", PHASE_FILES, NS_MNT, true },
	[ITEM_RO] = { "ro", PHASE_FILES, NS_MNT, true },
	[ITEM_HIDE] = { "hide", PHASE_FILES, NS_MNT, true },
};

/*
 * What a rule asks for inside, beside its namespaces and their maps: one item a line, run in the
 * order of the phases and, in a phase, of the file. A new key is a name in enum item_op and a row
 * in item_row, its value's form in conf/items.c, and its deed in shim/deed.c.
 */
#ifndef CONF_ITEM_H
#define CONF_ITEM_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/ns.h"

enum item_op {
	ITEM_HOSTNAME,
	ITEM_DOMAINNAME,
	ITEM_SYSCTL,
	ITEM_MONOTONIC,
	ITEM_BOOTTIME,
	ITEM_ROOT, /* this and those up to ITEM_HIDE: conf/mounts.c */
	ITEM_BIND,
	ITEM_TMPFS,
	ITEM_PROC,
	ITEM_SYSFS,
	ITEM_DEVPTS,
	ITEM_DEV,
	ITEM_MQUEUE,
	ITEM_OVERLAY,
	ITEM_OVERLAY_TMP,
	ITEM_SYMLINK,
	ITEM_DIR,
	ITEM_FILE,
	ITEM_RO,
	ITEM_HIDE,
	ITEMS
};

/* The order is argued for in shim/plan.c. */
enum item_phase {
	PHASE_CLOCKS, /* of a time namespace in which no process is yet */
	PHASE_NAMES,  /* what belongs to the uts, net and ipc namespaces */
	PHASE_FILES,  /* mounts */
	PHASE_LIFE,   /* the process itself: limits, scheduling, descriptors */
	PHASE_POWERS, /* ids, capabilities and filters: what takes away comes last */
	PHASES,
	PHASES_OF_SET =
		PHASE_LIFE /* those before it belong to the namespaces, and to all in them */
};

struct item_row {
	char name[16];
	unsigned char phase;   /* enum item_phase */
	unsigned char implies; /* the kind that becomes `new` for it; NS_KINDS: none */
	bool many;	       /* may be given more than once */
};

extern const struct item_row item_row[ITEMS];

enum { ITEM_WORDS = 4 };

struct item {
	const struct item *next; /* of its phase */
	enum item_op op;
	enum ns_kind implies; /* as in its row, or as its value says */
	int line;
	const char *text; /* the value, as it was given */
	const char *word[ITEM_WORDS];
	unsigned long flags;
	int64_t number[2];
};

#endif

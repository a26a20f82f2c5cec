/*
 * What a rule asks for inside, beside its namespaces and their maps: one item a line, run in the
 * order of the phases and, in a phase, of the file (the powers: of enum item_op). A new key is a name in enum item_op and a row
 * in item_row, its value's form in conf/items.c, and its deed in shim/inner/deed.c.
 */
#ifndef CONF_ITEM_H
#define CONF_ITEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf/ns.h"

enum item_op {
	/* names and clocks */
	ITEM_HOSTNAME,
	ITEM_DOMAINNAME,
	ITEM_SYSCTL,
	ITEM_MONOTONIC,
	ITEM_BOOTTIME,
	/* files */
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
	/* the process */
	ITEM_OOM,
	ITEM_CGROUP,
	ITEM_NICE,
	ITEM_IOPRIO,
	ITEM_CPUS,
	ITEM_SESSION,
	ITEM_UMASK,
	ITEM_DIE,
	ITEM_CLOSE,
	/* The powers: this order is that in which they are done (conf/powers.h). */
	ITEM_NO_NEW_PRIVS,
	ITEM_LANDLOCK_RO,
	ITEM_LANDLOCK_RW,
	ITEM_RLIMIT,
	ITEM_GROUPS,
	ITEM_GID,
	ITEM_UID,
	ITEM_CAPS,
	ITEM_SECUREBITS,
	ITEM_SECCOMP,
	/* what it is executed with */
	ITEM_ENV,
	ITEM_UNSETENV,
	ITEM_CLEARENV,
	ITEM_ARG0,
	ITEMS /* how many there are */
};

/* The order is argued for in shim/plan.c. */
enum item_phase {
	PHASE_CLOCKS,  /* of a time namespace in which no process is yet */
	PHASE_NAMES,   /* what belongs to the uts, net and ipc namespaces */
	PHASE_FILES,   /* mounts */
	PHASE_HOST,    /* the process, by paths of before its files are changed */
	PHASE_LIFE,    /* the process: scheduling, session, descriptors */
	PHASE_POWERS,  /* limits, ids and capabilities: what takes away comes last */
	PHASE_FILTERS, /* of system calls: nothing comes after them but the exec */
	PHASE_EXEC,    /* what that gives the program: these are no steps */
	PHASES,
	PHASES_OF_SET = PHASE_HOST /* those before it belong to the namespaces */
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
	const void *data; /* of `size` bytes, as the kernel takes it */
	size_t size;
};

#endif

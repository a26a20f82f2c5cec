#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/deed.h"
#include "shim/report.h"
#include "shim/step.h"
#include "shim/sys.h"

static int run(struct entry *e, const struct item *it, struct fault *f)
{
	switch (it->op) {
	case ITEM_HOSTNAME:
		return deed_hostname(e, it, f);
	case ITEM_DOMAINNAME:
		return deed_domainname(e, it, f);
	case ITEM_SYSCTL:
		return deed_sysctl(e, it, f);
	case ITEM_MONOTONIC:
	case ITEM_BOOTTIME:
		return deed_clock(e, it, f);
	case ITEM_ROOT:
		return deed_root(e, it, f);
	case ITEM_BIND:
		return deed_bind(e, it, f);
	case ITEM_TMPFS:
		return deed_tmpfs(e, it, f);
	case ITEM_PROC:
	case ITEM_SYSFS:
	case ITEM_DEVPTS:
	case ITEM_MQUEUE:
		return deed_system(e, it, f);
	case ITEM_DEV:
		return deed_dev(e, it, f);
	case ITEM_OVERLAY:
	case ITEM_OVERLAY_TMP:
		return deed_overlay(e, it, f);
	case ITEM_SYMLINK:
		return deed_symlink(e, it, f);
	case ITEM_DIR:
		return deed_dir(e, it, f);
	case ITEM_FILE:
		return deed_file(e, it, f);
	case ITEM_RO:
		return deed_ro(e, it, f);
	case ITEM_HIDE:
		return deed_hide(e, it, f);
	case ITEMS:
		break;
	}
	return fault_set(f, item_row[it->op].name, NS_KINDS, NULL, ENOSYS);
}

static int run_all(struct entry *e, const struct step *s, struct fault *f)
{
	for (const struct item *it = e->plan->rule->item[s->phase]; it; it = it->next) {
		if (e->trace >= 0)
			report_item(e->plan, it, e->trace);
		/* Whoever goes back does not undo these. */
		e->lasting |= s->phase >= PHASES_OF_SET;
		if (run(e, it, f))
			return -1;
	}
	return 0;
}

/*
 * Files have the modes that are asked for. And no half of them can be done again, once a descriptor
 * was not to be had.
 */
static int run_files(struct entry *e, const struct step *s, struct fault *f)
{
	long mask = syscall(SYS_umask, 0);
	int failed, err;

	if (!e->raised)
		e->raised = sys_raise_files(&e->limit);
	failed = run_all(e, s, f);
	err = errno;
	syscall(SYS_umask, mask);
	errno = err;
	return failed;
}

int step_items(struct entry *e, const struct step *s, struct fault *f)
{
	return s->phase == PHASE_FILES ? run_files(e, s, f) : run_all(e, s, f);
}

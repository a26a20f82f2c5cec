#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/inner/deed.h"
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
	case ITEM_OOM:
		return deed_oom(e, it, f);
	case ITEM_CGROUP:
		return deed_cgroup(e, it, f);
	case ITEM_NICE:
		return deed_nice(e, it, f);
	case ITEM_IOPRIO:
		return deed_ioprio(e, it, f);
	case ITEM_CPUS:
		return deed_cpus(e, it, f);
	case ITEM_RLIMIT:
		return deed_rlimit(e, it, f);
	case ITEM_SESSION:
		return deed_session(e, it, f);
	case ITEM_UMASK:
		return deed_umask(e, it, f);
	case ITEM_DIE:
		return deed_die(e, it, f);
	case ITEM_CLOSE:
		return deed_close(e, it, f);
	case ITEM_NO_NEW_PRIVS:
		return deed_no_new_privs(e, it, f);
	case ITEM_LANDLOCK_RO:
	case ITEM_LANDLOCK_RW:
		return deed_landlock(e, it, f);
	case ITEM_GROUPS:
		return deed_groups(e, it, f);
	case ITEM_GID:
		return deed_gid(e, it, f);
	case ITEM_UID:
		return deed_uid(e, it, f);
	case ITEM_CAPS:
		return deed_caps(e, it, f);
	case ITEM_SECUREBITS:
		return deed_securebits(e, it, f);
	case ITEM_SECCOMP:
		return deed_seccomp(e, it, f);
	case ITEM_ENV:
	case ITEM_UNSETENV:
	case ITEM_CLEARENV:
	case ITEM_ARG0: /* shim/inner/given.h */
	case ITEMS:
		break;
	}
	return fault_set(f, item_row[it->op].name, NS_KINDS, NULL, ENOSYS);
}

static int do_needy(struct entry *e, const struct item *it, struct fault *f)
{
	for (; it; it = it->next) {
		if (!deed_needs_host(it))
			continue;
		if (run(e, it, f))
			return -1;
		e->lasting = true;
	}
	return 0;
}

/*
 * A user namespace takes these capabilities away: what needs them goes before it, and is found done
 * when its turn comes. The rest waits: it would have no way back where the namespace is refused.
 */
int step_privileged(struct entry *e, const struct step *s, struct fault *f)
{
	const struct rule *rule = e->plan->rule;

	(void)s;
	return do_needy(e, rule->item[PHASE_LIFE], f) || do_needy(e, rule->item[PHASE_POWERS], f)
		       ? -1
		       : 0;
}

int step_ready(struct entry *e, const struct step *s, struct fault *f)
{
	const struct rule *rule = e->plan->rule;

	(void)s;
	if (plan_has_fence(e->plan) && fence_ready(f))
		return -1;
	return rule->item[PHASE_FILTERS] ? filter_ready(e, f) : 0;
}

static int run_all(struct entry *e, const struct step *s, struct fault *f)
{
	for (const struct item *it = e->plan->rule->item[s->phase]; it; it = it->next) {
		if (e->trace >= 0)
			report_item(e->plan, it, e->trace);
		/* Whoever goes back does not undo these. Powers fail by halves, others do not. */
		e->lasting |= s->phase >= PHASE_POWERS && it->op != ITEM_RLIMIT;
		if (run(e, it, f))
			return -1;
		e->lasting |= s->phase >= PHASES_OF_SET;
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
	failed = binds_begin(e, f) || run_all(e, s, f) ? -1 : 0;
	err = errno;
	syscall(SYS_umask, mask);
	errno = err;
	return failed;
}

int step_items(struct entry *e, const struct step *s, struct fault *f)
{
	return s->phase == PHASE_FILES ? run_files(e, s, f) : run_all(e, s, f);
}

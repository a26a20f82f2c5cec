#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/inner/deed.h"
#include "shim/trace.h"
#include "shim/step.h"
#include "shim/sys.h"

/* Those that have no row are what the exec gives the program: shim/inner/given.h. */
static deed_fn *const functions[ITEMS] = {
	[ITEM_HOSTNAME] = deed_hostname,
	[ITEM_DOMAINNAME] = deed_domainname,
	[ITEM_SYSCTL] = deed_sysctl,
	[ITEM_MONOTONIC] = deed_clock,
	[ITEM_BOOTTIME] = deed_clock,
	[ITEM_ROOT] = deed_root,
	[ITEM_BIND] = deed_bind,
	[ITEM_TMPFS] = deed_tmpfs,
	[ITEM_PROC] = deed_system,
	[ITEM_SYSFS] = deed_system,
	[ITEM_DEVPTS] = deed_system,
	[ITEM_MQUEUE] = deed_system,
	[ITEM_DEV] = deed_dev,
	[ITEM_OVERLAY] = deed_overlay,
	[ITEM_OVERLAY_TMP] = deed_overlay,
	[ITEM_SYMLINK] = deed_symlink,
	[ITEM_DIR] = deed_dir,
	[ITEM_FILE] = deed_file,
	[ITEM_RO] = deed_ro,
	[ITEM_HIDE] = deed_hide,
	[ITEM_OOM] = deed_oom,
	[ITEM_CGROUP] = deed_cgroup,
	[ITEM_NICE] = deed_nice,
	[ITEM_IOPRIO] = deed_ioprio,
	[ITEM_CPUS] = deed_cpus,
	[ITEM_RLIMIT] = deed_rlimit,
	[ITEM_SESSION] = deed_session,
	[ITEM_UMASK] = deed_umask,
	[ITEM_DIE] = deed_die,
	[ITEM_CLOSE] = deed_close,
	[ITEM_NO_NEW_PRIVS] = deed_no_new_privs,
	[ITEM_LANDLOCK_RO] = deed_landlock,
	[ITEM_LANDLOCK_RW] = deed_landlock,
	[ITEM_GROUPS] = deed_groups,
	[ITEM_GID] = deed_gid,
	[ITEM_UID] = deed_uid,
	[ITEM_CAPS] = deed_caps,
	[ITEM_SECUREBITS] = deed_securebits,
	[ITEM_SECCOMP] = deed_seccomp,
};

static int do_needy(struct entry *e, const struct item *it, struct fault *f)
{
	for (; it; it = it->next) {
		if (!deed_needs_host(it))
			continue;
		if (functions[it->op](e, it, f))
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
			trace_say_item(e->plan, it, e->trace);
		/* Whoever goes back does not undo these. Powers fail by halves, others do not. */
		e->lasting |= s->phase >= PHASE_POWERS && it->op != ITEM_RLIMIT;
		if (functions[it->op](e, it, f))
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

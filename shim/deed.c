#include <errno.h>

#include "shim/deed.h"
#include "shim/report.h"
#include "shim/step.h"

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
	case ITEMS:
		break;
	}
	return fault_set(f, item_row[it->op].name, NS_KINDS, NULL, ENOSYS);
}

int step_ready(struct entry *e, const struct step *s, struct fault *f)
{
	const struct rule *rule = e->plan->rule;

	(void)s;
	if (plan_has_fence(e->plan) && fence_ready(f))
		return -1;
	return rule->item[PHASE_FILTERS] ? filter_ready(e, f) : 0;
}

int step_items(struct entry *e, const struct step *s, struct fault *f)
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

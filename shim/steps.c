#include "shim/steps.h"

struct step *plan_add(struct plan *p, enum step_op op, enum ns_kind kind)
{
	struct step *s = &p->step[p->count++];

	*s = (struct step){ .op = op, .kind = kind };
	return s;
}

bool plan_has(const struct plan *p, enum step_op op)
{
	for (unsigned i = 0; i < p->count; i++)
		if (p->step[i].op == op)
			return true;
	return false;
}

bool plan_has_fence(const struct plan *p)
{
	return rule_item(p->rule, ITEM_LANDLOCK_RO) || rule_item(p->rule, ITEM_LANDLOCK_RW);
}

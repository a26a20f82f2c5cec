#define _GNU_SOURCE
#include <sched.h>

#include "shim/opens.h"

/* Opens come first of all: once something is joined the paths may be out of reach. */
static void open_all(struct plan *p)
{
	const struct rule *rule = p->rule;

	for (unsigned i = 0; i < rule->kinds; i++) {
		const struct ns_spec *n = &rule->ns[i];
		bool seen = false;

		if (n->mode == NS_NEW)
			continue;
		/* One pidfd a process: its namespaces are then those of one process, whatever
		   becomes of its number. */
		for (unsigned j = 0; j < i; j++)
			seen |= n->mode == NS_PIDOF && rule->ns[j].mode == NS_PIDOF &&
				rule->ns[j].pid == n->pid;
		if (seen)
			continue;
		if (n->mode == NS_PIDOF)
			plan_add(p, STEP_PIDFD, n->kind)->pid = n->pid;
		else
			plan_add(p, STEP_OPEN, n->kind)->path = n->path;
	}
}

void opens_dir(struct plan *p, enum step_op op, enum dir dir)
{
	static const char names[DIRS][5] = { "root", "cwd" };
	struct step *s = plan_add(p, op, NS_MNT);

	s->dir = dir;
	s->path = names[dir];
}

/* CLONE_NEW* of what is joined by the key `join`. */
static int joined_whole(const struct rule *rule)
{
	int flags = 0;

	for (unsigned i = 0; i < rule->kinds; i++)
		if (rule->ns[i].mode == NS_PIDOF && rule->ns[i].pid == rule->join.pid)
			flags |= ns_table[rule->ns[i].kind].flag;
	return flags & ~rule->named;
}

/* After all that is opened by the number of the process: it was nobody else's meanwhile. */
static void open_dirs(struct plan *p)
{
	int whole = joined_whole(p->rule);

	if (whole & CLONE_NEWNS) {
		opens_dir(p, STEP_DIR, DIR_ROOT);
		if (!p->rule->cwd)
			opens_dir(p, STEP_DIR, DIR_CWD);
	}
	if (whole)
		plan_add(p, STEP_SAME, NS_KINDS)->pid = p->rule->join.pid;
}

static void keep_back(struct plan *p)
{
	struct step *s = plan_add(p, STEP_KEEP, NS_KINDS);

	s->flags = p->leaves;
	if (p->rule->cwd || p->leaves & CLONE_NEWNS)
		s->path = ".";
}

/* Before all else: there is no way back once the process has taken powers away from itself. */
static bool needs_filters(const struct plan *p)
{
	return p->rule->item[PHASE_FILTERS] || plan_has_fence(p);
}

void opens(struct plan *p, const struct aim *a, enum plan_for what)
{
	/* Who holds a set is pid 1 himself. */
	if (a->creates & CLONE_NEWPID && what != PLAN_HOLD)
		plan_add(p, STEP_INIT, NS_PID);
	if (what != PLAN_HOLD && needs_filters(p))
		plan_add(p, STEP_READY, NS_KINDS);
	if (!a->set) {
		open_all(p);
		open_dirs(p);
	}
	/* Once it is joined, a name below /proc leads to whatever those inside have mounted there,
	   and who enters may have more power than they. */
	if (p->joins & CLONE_NEWNS)
		plan_add(p, STEP_PROCFS, NS_MNT)->path = "/proc";
	p->opened = p->count;
	if (what == PLAN_EXEC && !(p->leaves & CLONE_NEWUSER))
		keep_back(p);
}

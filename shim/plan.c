#define _GNU_SOURCE
#include <sched.h>
#include <string.h>

#include "conf/mounts.h"
#include "shim/opens.h"
#include "shim/plan.h"

bool plan_seen_inside(const struct plan *p)
{
	return p->joins & CLONE_NEWNS || (p->rule->item[PHASE_FILES] && p->leaves & CLONE_NEWNS);
}

/*
 * A mount namespace that was joined starts one at its root. One that was created is a copy, in
 * which the kernel has put the working directory already (namespaces(7)); but where files are put,
 * it could lie beneath one of them, or outside of the root. Only now, since a process
 * in a chroot may not create a user namespace.
 */
static void settle_dirs(struct plan *p)
{
	const struct rule *rule = p->rule;
	bool taken = plan_has(p, STEP_DIR);

	if (taken)
		opens_dir(p, STEP_TAKE, DIR_ROOT);
	if (taken && !rule->cwd)
		opens_dir(p, STEP_TAKE, DIR_CWD);
	else if (rule->cwd || plan_seen_inside(p))
		plan_add(p, STEP_CWD, plan_seen_inside(p) ? NS_MNT : NS_KINDS)->path = rule->cwd;
}

static void add_map(struct plan *p, const char *path, const char *text)
{
	struct step *s = plan_add(p, STEP_MAP, NS_USER);

	s->path = path;
	s->text = text;
}

/* Alone and first, so that what is created next belongs to it. */
static void create_user(struct plan *p, bool itself, enum plan_for what)
{
	plan_add(p, STEP_USER, NS_USER)->flags = CLONE_NEWUSER;
	if (!itself) {
		plan_add(p, STEP_MAPPED, NS_USER);
		if (what != PLAN_HOLD && !p->rule->keep_creds)
			plan_add(p, STEP_IDS, NS_USER);
		return;
	}
	add_map(p, "/proc/self/uid_map", p->map[0]);
	/* The kernel demands it of one's own gid_map since CVE-2014-8989. */
	add_map(p, "/proc/self/setgroups", "deny");
	add_map(p, "/proc/self/gid_map", p->map[1]);
}

static void add_items(struct plan *p, enum item_phase phase)
{
	if (p->rule->item[phase])
		plan_add(p, STEP_ITEMS, NS_KINDS)->phase = phase;
}

static void after_creation(struct plan *p, int creates, enum plan_for what)
{
	const struct rule *rule = p->rule;

	if (creates & CLONE_NEWNS && rule->propagation != PROPAGATION_UNCHANGED)
		plan_add(p, STEP_PRIVATE, NS_MNT);
	if (creates & CLONE_NEWNS && rule_netns(rule))
		plan_add(p, STEP_NETNS, NS_MNT);
	if (creates & CLONE_NEWNET && rule->loopback)
		plan_add(p, STEP_LOOPBACK, NS_NET);
	if (creates & ns_table[NS_TIME].flag)
		add_items(p, PHASE_CLOCKS);
	if (creates & ns_table[NS_TIME].flag && what >= PLAN_LOAD)
		plan_add(p, STEP_TIME, NS_TIME);
}

/* The set is entered in one step: whoever holds it may end at any moment, and half is nothing. */
static void join_set(struct plan *p, const char *set)
{
	struct step *s;

	if (p->joins & CLONE_NEWUSER && !p->tame)
		plan_add(p, STEP_HIDE, NS_USER);
	s = plan_add(p, STEP_SHARE, NS_KINDS);
	s->flags = p->joins;
	s->path = set;
}

static void join_all(struct plan *p)
{
	if (p->joins & CLONE_NEWUSER)
		plan_add(p, STEP_HIDE, NS_USER);
	if (p->joins) {
		plan_add(p, STEP_TRY, NS_KINDS);
		plan_add(p, STEP_JOIN, NS_KINDS);
	}
}

/* Would an exec take capabilities that this process has? `caps` says itself what it would leave. */
static bool has_lost_powers(const struct plan *p)
{
	return !rule_item(p->rule, ITEM_CAPS) &&
	       (p->leaves & CLONE_NEWUSER || rule_item(p->rule, ITEM_UID) ||
		rule_item(p->rule, ITEM_SECUREBITS));
}

enum proc { PROC_NONE, PROC_AT_ONCE, PROC_OF_ROOT };

/*
 * Where a /proc of the pid namespace is mounted without being asked for (the kernel shows that of
 * who mounts it: proc(5)): before what the rule does with it; or, since another root has another
 * /proc, at the end. Nowhere, where one is asked for that takes its place.
 */
static enum proc own_proc(const struct plan *p, bool set, int creates)
{
	const struct item *first = set ? NULL : p->rule->item[PHASE_FILES];

	if (!p->moves_pid || !(creates & CLONE_NEWNS) || p->rule->host_proc)
		return PROC_NONE;
	for (const struct item *it = first; it; it = it->next)
		if (it->op == ITEM_PROC && (first->op == ITEM_ROOT || !strcmp(it->text, "/proc")))
			return PROC_NONE;
	return first && first->op == ITEM_ROOT ? PROC_OF_ROOT : PROC_AT_ONCE;
}

static bool shifts_ids(const struct rule *rule)
{
	for (const struct item *it = rule->item[PHASE_FILES]; it; it = it->next)
		if (it->op == ITEM_BIND && it->flags & MOUNT_IDMAP)
			return true;
	return false;
}

/* May it ask for more of the process than what that has (deed_needs_host)? */
static bool may_need_host(const struct rule *rule)
{
	return rule_item(rule, ITEM_NICE) || rule_item(rule, ITEM_IOPRIO) ||
	       rule_item(rule, ITEM_RLIMIT);
}

/* With the powers, the paths and the helpers of outside, which are out of reach afterwards. */
static void outside(struct plan *p, const struct aim *a, enum plan_for what)
{
	if (a->user && !a->set && shifts_ids(p->rule))
		plan_add(p, STEP_SHIFT, NS_MNT);
	if (a->ahead && what != PLAN_HOLD)
		plan_add(p, STEP_AHEAD, NS_KINDS)->flags = a->ahead;
	/* Before all joins: inside, its image and its files could be anybody's. */
	if (a->user && !a->itself)
		plan_add(p, STEP_MAPPER, NS_USER);
	if (p->leaves & CLONE_NEWUSER && what != PLAN_HOLD && may_need_host(p->rule))
		plan_add(p, STEP_PRIVILEGED, NS_KINDS);
	/* A cgroup namespace has as its root the cgroup that the process is in when it is created. */
	if (what != PLAN_HOLD)
		add_items(p, PHASE_HOST);
}

/* Joined before created: only then is the power of outside still there. */
static void enter(struct plan *p, const struct aim *a, enum plan_for what)
{
	if (a->set)
		join_set(p, p->rule->ns[0].path);
	else
		join_all(p);
	if (a->user)
		create_user(p, a->itself, what);
	if (p->creates)
		plan_add(p, STEP_CREATE, NS_KINDS)->flags = p->creates;
	after_creation(p, p->creates, what);
	if (a->joins & CLONE_NEWUSER && !(a->set && a->itself) && !p->rule->keep_creds)
		plan_add(p, STEP_IDS, NS_USER);
}

/*
 * Mounts first, since they need what is taken away later, and by who is in the pid namespace, for
 * a /proc among them; then the working directory, which may be on one of them; ids, capabilities
 * and filters last of all, since nothing more is allowed then.
 */
static void inside(struct plan *p, const struct aim *a, enum plan_for what)
{
	enum proc proc = own_proc(p, a->set, p->creates);
	bool files = !a->set && p->rule->item[PHASE_FILES];

	if (proc == PROC_AT_ONCE)
		plan_add(p, STEP_PROC, NS_PID);
	if (files)
		add_items(p, PHASE_FILES);
	if (proc == PROC_OF_ROOT)
		plan_add(p, STEP_PROC, NS_PID);
	if (files)
		plan_add(p, p->rule->item[PHASE_FILES]->op == ITEM_ROOT ? STEP_ROOT : STEP_BUILT,
			 NS_MNT);
	if (what == PLAN_HOLD)
		return;
	if (files)
		settle_dirs(p);
	add_items(p, PHASE_LIFE);
	add_items(p, PHASE_POWERS);
	if (what >= PLAN_LOAD && has_lost_powers(p))
		plan_add(p, STEP_CAPS, NS_USER);
}

void plan_build(struct plan *p, const struct rule *rule, const struct creds *creds,
		enum plan_for what)
{
	const struct aim a = aim_of(rule, creds);

	p->rule = rule;
	p->count = 0;
	p->joins = a.joins;
	p->creates = a.creates & (what == PLAN_FORK ? ~CLONE_NEWPID : ~0);
	p->creates_user = a.user;
	p->leaves = p->creates | a.joins | (a.user ? CLONE_NEWUSER : 0);
	p->moves_pid = (a.creates | a.joins) & CLONE_NEWPID;
	aim_map(&rule->map[0], creds->uid, p->map[0]);
	aim_map(&rule->map[1], creds->gid, p->map[1]);
	p->tame = a.set && a.itself && p->map[0][0] != '0';

	opens(p, &a, what);
	outside(p, &a, what);
	enter(p, &a, what);
	if (!a.set)
		add_items(p, PHASE_NAMES);
	if (what != PLAN_HOLD && (a.set || !rule->item[PHASE_FILES]))
		settle_dirs(p);
	p->born = p->count;
	inside(p, &a, what);
	p->last = p->count;
	if (!p->moves_pid)
		p->born = p->last;
	if (what != PLAN_HOLD)
		add_items(p, PHASE_FILTERS);
}

bool plan_lasts(const struct plan *p)
{
	for (enum item_phase i = PHASES_OF_SET; i < PHASE_EXEC; i++)
		if (p->rule->item[i])
			return true;
	return false;
}

bool plan_takes_ids(const struct plan *p)
{
	return plan_has(p, STEP_IDS) || rule_item(p->rule, ITEM_UID) ||
	       rule_item(p->rule, ITEM_GID);
}

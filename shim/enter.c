#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <linux/capability.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/enter.h"
#include "shim/remedy.h"
#include "shim/scratch.h"
#include "shim/trace.h"
#include "shim/step.h"
#include "shim/sys.h"

void enter_creds(struct creds *c)
{
	c->uid = geteuid();
	c->gid = getegid();
	c->admin = sys_capable(CAP_SYS_ADMIN);
}

/*
 * Who creates a user namespace owns it, and whoever has the same uid outside has all capabilities
 * over it: he could trace a child there, and read the memory it shares with a host that he may not
 * trace, since that has capabilities which he lacks.
 */
static bool exposes_memory(void)
{
	return sys_privileged() && sys_shares_memory();
}

bool enter_needs_fresh_image(const struct plan *p)
{
	int own_user = p->creates_user || p->tame ? CLONE_NEWUSER : 0;
	int joins = p->tame ? p->joins & ~CLONE_NEWUSER : p->joins;
	int time = ns_table[NS_TIME].flag;

	/* A change of ids clears the dumpable flag of the memory, were it only for a moment. */
	if ((joins & (CLONE_NEWUSER | time) || plan_has(p, STEP_TIME) || plan_takes_ids(p)) &&
	    sys_shares_memory())
		return true;
	/* A thread's own mount namespace or working directory cannot be undone for it alone, nor
	   can time where others use its memory; and limits and ids are those of all threads. */
	if ((p->leaves & (CLONE_NEWNS | time) || own_user || plan_has(p, STEP_CWD) ||
	     plan_lasts(p)) &&
	    sys_has_threads())
		return true;
	if (p->creates_user && prctl(PR_GET_DUMPABLE) != 1)
		return true;
	return own_user && exposes_memory();
}

/* What was made ahead is not made once more. */
static bool is_done(const struct entry *e, const struct step *s)
{
	switch (s->op) {
	case STEP_MAPPER:
	case STEP_USER:
	case STEP_MAP:
	case STEP_MAPPED:
		return e->taken & CLONE_NEWUSER;
	case STEP_CREATE:
		return !(s->flags & ~e->taken);
	case STEP_LOOPBACK:
		return e->taken & CLONE_NEWNET;
	default:
		return false;
	}
}

static step_fn *const functions[STEPS] = {
	[STEP_READY] = step_ready,	 [STEP_INIT] = step_init,
	[STEP_OPEN] = step_open,	 [STEP_PIDFD] = step_pidfd,
	[STEP_DIR] = step_dir,		 [STEP_PROCFS] = step_procfs,
	[STEP_SAME] = step_same,	 [STEP_KEEP] = step_keep,
	[STEP_HIDE] = step_hide,	 [STEP_AHEAD] = step_ahead,
	[STEP_SHARE] = step_share,	 [STEP_TRY] = step_try,
	[STEP_JOIN] = step_join,	 [STEP_MAPPER] = step_mapper,
	[STEP_SHIFT] = step_shift,	 [STEP_USER] = step_unshare,
	[STEP_CREATE] = step_unshare,	 [STEP_MAP] = step_map,
	[STEP_MAPPED] = step_mapped,	 [STEP_TIME] = step_time,
	[STEP_PRIVATE] = step_private,	 [STEP_NETNS] = step_netns,
	[STEP_LOOPBACK] = step_loopback, [STEP_IDS] = step_ids,
	[STEP_TAKE] = step_take,	 [STEP_CWD] = step_cwd,
	[STEP_CAPS] = step_caps,	 [STEP_PRIVILEGED] = step_privileged,
	[STEP_ITEMS] = step_items,	 [STEP_PROC] = step_proc,
	[STEP_ROOT] = step_root,	 [STEP_BUILT] = step_built,
};

static void begin(struct entry *e, const struct plan *plan, const struct home *home)
{
	*e = (struct entry){ .plan = plan, .home = home };
	e->parent = plan->rule->item[PHASE_LIFE] ? (pid_t)syscall(SYS_getppid) : 0;
	e->init = e->cwd = e->root = e->proc = e->member = e->dumpable = -1;
	e->filters = e->ruleset = -1;
	memset(e->file, -1, sizeof e->file);
	memset(e->back, -1, sizeof e->back);
	memset(e->dir, -1, sizeof e->dir);
	files_none(&e->files);
	if (plan->leaves & CLONE_NEWNS &&
	    (plan->rule->item[PHASE_FILES] || (!plan->rule->cwd && plan_has(plan, STEP_CWD)))) {
		char *name = scratch_path(SCRATCH_CWD);

		if (name && syscall(SYS_getcwd, name, PATH_MAX) > 0)
			e->where = name;
	}
	if (!plan_takes_ids(plan))
		return;
	/* Before a user namespace is joined: the one clears the signal, the other changes how
	   ids show. */
	e->uid = geteuid();
	e->gid = getegid();
	prctl(PR_GET_PDEATHSIG, &e->death);
}

/* Not once the map writer has gone on, which cannot be asked again, or some files are there. */
static bool may_repeat(const struct step *s)
{
	return s->op != STEP_MAPPED && !(s->op == STEP_ITEMS && s->phase == PHASE_FILES);
}

/* The steps from `first` to `end`. */
static int run_all(struct entry *e, unsigned first, unsigned end, int trace, struct fault *f)
{
	const struct plan *plan = e->plan;
	int failed = 0;
	unsigned i;

	e->trace = trace;
	for (i = first; i < end && !failed; i++) {
		if (e->taken && is_done(e, &plan->step[i]))
			continue;
		if (trace >= 0)
			trace_say_step(plan, i, trace);
		failed = functions[plan->step[i].op](e, &plan->step[i], f);
		if (failed && f->err == EMFILE && !e->raised && may_repeat(&plan->step[i])) {
			e->raised = sys_raise_files(&e->limit);
			failed = functions[plan->step[i].op](e, &plan->step[i], f);
		}
	}
	if (failed)
		remedy(f, plan, &plan->step[i - 1]);
	return failed;
}

/* The same, with the limit of descriptors as it was afterwards. */
static int run_some(struct entry *e, unsigned first, unsigned end, int trace, struct fault *f)
{
	int failed = run_all(e, first, end, trace, f);

	if (e->raised)
		sys_lower_files(&e->limit);
	e->raised = false;
	if (failed)
		step_mapper_end(e);
	return failed;
}

int enter(struct entry *e, const struct plan *plan, const struct home *home, int trace,
	  struct fault *f)
{
	begin(e, plan, home);
	return run_some(e, 0, plan->born, trace, f);
}

int enter_open(struct entry *e, const struct plan *plan, const struct home *home, struct fault *f)
{
	begin(e, plan, home);
	/* Whose child goes on. */
	if (e->parent)
		e->parent = (pid_t)syscall(SYS_getpid);
	return run_some(e, 0, plan->opened, -1, f);
}

int enter_go(struct entry *e, int trace, struct fault *f)
{
	return run_some(e, e->plan->opened, e->plan->born, trace, f);
}

int enter_born(struct entry *e, int trace, struct fault *f)
{
	return run_some(e, e->plan->born, e->plan->last, trace, f);
}

int enter_last(struct entry *e, struct fault *f)
{
	e->failed = run_some(e, e->plan->last, e->plan->count, e->trace, f) != 0;
	return e->failed ? -1 : 0;
}

static void close_all(int *fd, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		/* A pidfd stands for several kinds. */
		for (unsigned j = i + 1; j < n; j++)
			if (fd[j] == fd[i])
				fd[j] = -1;
		if (fd[i] >= 0)
			sys_close(fd[i]);
		fd[i] = -1;
	}
}

void entry_close(struct entry *e)
{
	int others[] = { e->cwd, e->root, e->proc, e->init, e->member, e->filters, e->ruleset };

	close_all(e->file, NS_KINDS);
	close_all(e->back, NS_KINDS);
	close_all(e->dir, DIRS);
	close_all(others, sizeof others / sizeof *others);
	files_close(&e->files);
	e->cwd = e->root = e->proc = e->init = e->member = e->filters = e->ruleset = -1;
}

void entry_show(struct entry *e)
{
	if (e->dumpable > 0)
		prctl(PR_SET_DUMPABLE, e->dumpable);
	e->dumpable = -1;
}

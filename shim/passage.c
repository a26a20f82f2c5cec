#define _GNU_SOURCE
#include <alloca.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/birth.h"
#include "shim/helper.h"
#include "shim/inner/deed.h"
#include "shim/interp.h"
#include "shim/parent.h"
#include "shim/passage.h"
#include "shim/path.h"
#include "shim/reexec.h"
#include "shim/remedy.h"
#include "shim/resolve.h"
#include "shim/scratch.h"
#include "shim/search.h"
#include "shim/stay.h"
#include "shim/signals.h"
#include "shim/sys.h"

/* Is what a path means outside no matter at all? */
static bool joins_mounts(const struct plan *p)
{
	return p->joins & CLONE_NEWNS;
}

struct born {
	const struct attempt *attempt;
	struct entry *entry;
};

/* In the program's own process. */
static int execute_born(void *arg)
{
	const struct born *b = arg;

	return attempt_inside(b->attempt, b->entry);
}

static struct birth birth_of(const struct attempt *a, struct entry *e, struct place *place,
			     struct born *arg, int log)
{
	return (struct birth){ .entry = e,
			       .place = place,
			       .report = a->report,
			       .log = &a->state->log,
			       .trace = attempt_trace(a, log),
			       .target = &a->target,
			       .execute = execute_born,
			       .arg = arg };
}

/* This process, which nobody has been told of, bears the program for its own parent. */
static int by_birth(const struct attempt *a, struct entry *e, int log)
{
	struct born born = { a, e };
	struct birth b = birth_of(a, e, a->request->place, &born, log);
	struct report *r = a->report;

	if (!birth(&b, false, true)) {
		if (deed_orphan(e))
			syscall(SYS_kill, b.place->child, SIGKILL);
		syscall(SYS_exit_group, 0);
	}
	/* There may be a child to be reaped: the parent has to hear of it before anything else is
	   tried. An exec that failed has no words. */
	r->what = REPORT_FAILED;
	if (b.err && !e->failed)
		remedy_exec(&r->fault, e->plan, a->target.path, b.err);
	return b.err ? b.err : r->fault.err;
}

/* Of a process that stays with its program. */
struct staying {
	struct born born;
	struct stay stay;
};

static int execute_with_monitor(void *arg)
{
	struct staying *s = arg;

	stay_hand_over(&s->stay);
	return execute_born(&s->born);
}

/* This process, whose pid is known, bears the program and is its monitor from then on. */
static int by_staying(const struct attempt *a, struct entry *e, int log)
{
	struct staying s = { .born = { a, e } };
	struct place place;
	struct birth b = birth_of(a, e, &place, &s.born, log);
	struct report *r = a->report;
	const struct rule *rule = e->plan->rule;
	bool started;

	b.execute = execute_with_monitor;
	b.arg = &s;
	stay_begin(&s.stay);
	started = !birth(&b, true, false);
	if (started) {
		report_write(r, &a->state->log, log);
		deed_follow(e);
		stay_on(&place, a->state->own.home.image, &r->fault);
	}
	stay_undo(&s.stay, &place);
	fault_in(&r->fault, rule->name);
	/* It has run, for a moment: it must not do so again. */
	if (started)
		return attempt_half(a, log);
	if (b.err)
		return attempt_undone(a, e, b.err, log);
	return entry_back(e) ? attempt_refused(a, rule, log) : attempt_half(a, log);
}

/* The one that the rule is in. */
static const char *profile_of(const struct state *s)
{
	return parent_has_child_here(s) ? s->judged_by : s->source.text;
}

/*
 * Before there is no way back: where it fails, or the target is not there, the caller gets the errno
 * as if nothing had been done. 0: it works; else *err is what the caller is to have.
 */
static int try_out(const struct attempt *a, const struct rule *rule, int log, int *err)
{
	struct report *r = a->report;

	if (!reexec_try(a->state, profile_of(a->state), rule, &a->target, &r->fault))
		return 0;
	*err = r->fault.op[0] ? attempt_refused(a, rule, log) : r->fault.err;
	return -1;
}

static int by_fresh_image(const struct attempt *a, const struct rule *rule, int log)
{
	const struct state *s = a->state;
	struct report *r = a->report;
	int err;

	if (a->request->last && (err = a->request->last(a->request->arg)))
		return err;
	signals_unblock(a->mask);
	errno = a->saved;
	reexec(s, profile_of(s), rule, &a->target, r->begun, &r->fault);
	return attempt_refused(a, rule, log);
}

static int in_place(const struct attempt *a, const struct plan *plan, int log)
{
	struct report *r = a->report;
	struct home home = own_home(&a->state->own, profile_of(a->state));
	struct entry e;
	int err = 0;

	/* What will be needed when there is no way back any more. */
	if (plan->moves_pid && !r->later) {
		if (helper_find(home.image, &r->fault)) {
			fault_in(&r->fault, plan->rule->name);
			return attempt_refused(a, plan->rule, log);
		}
		err = plan_seen_inside(plan) ? 0 : interp_check(&a->target, false);
		if (err)
			return err;
	}
	err = attempt_reserve(a, plan->rule);
	if (err) {
		fault_set(&r->fault, "mmap", NS_KINDS, NULL, err);
		fault_in(&r->fault, plan->rule->name);
		return attempt_refused(a, plan->rule, log);
	}
	if (enter(&e, plan, &home, attempt_trace(a, log), &r->fault))
		return entry_back(&e) ? attempt_refused(a, plan->rule, log) : attempt_half(a, log);
	/* The files of who is born in a pid namespace are built when he is. */
	if (joins_mounts(plan) || (plan_seen_inside(plan) && plan->born == plan->count))
		err = target_check(&a->target, false);
	if (err)
		return attempt_undone(a, &e, err, log);
	if (plan->moves_pid)
		return r->later ? by_birth(a, &e, log) : by_staying(a, &e, log);
	report_entered(r, &e, &a->state->log);
	if (!r->later)
		report_write(r, &a->state->log, log);
	err = attempt_inside(a, &e);
	return attempt_undone(a, &e, err, log);
}

/* Is this one of several paths, or will the process go on where the target is not there? */
static bool must_return(const struct attempt *a)
{
	return !a->report->later || (a->request->search && search_is_along(a->request->file));
}

/* Not without knowing before that the target is there: there is no way back. */
static bool needs_trial(const struct attempt *a, const struct plan *p)
{
	return plan_seen_inside(p) && p->leaves & CLONE_NEWUSER && must_return(a);
}

/* Not in this process. */
static bool needs_fresh_image(const struct attempt *a, const struct plan *p)
{
	return (p->moves_pid && !a->report->later && (plan_seen_inside(p) || !stay_can())) ||
	       enter_needs_fresh_image(p);
}

/*
 * `cwd` moves the process before the exec: a relative path has to mean the file that it means now.
 * Null: there is no telling. In a mount namespace that is joined it means what it means there.
 */
static const char *fixed_path(const struct attempt *a, const struct plan *p)
{
	const struct target *t = &a->target;
	char *path;

	/* Another image would find its own file by /proc/self/exe, say. */
	if (a->tried && !joins_mounts(p) && path_magic(t->path)) {
		path = scratch_path(SCRATCH_TARGET);
		if (!path)
			return NULL;
		return path_plain(t->path, path) ? path : t->path;
	}
	if (!p->rule->cwd || joins_mounts(p) || t->dirfd != AT_FDCWD || t->path[0] == '/')
		return t->path;
	path = scratch_path(SCRATCH_TARGET);
	return path ? path_absolute(AT_FDCWD, t->path, path) : NULL;
}

/*
 * Of a program whose file has gone, or that another mount namespace does not have, there is no name
 * by which another image would not find itself. 0 or an errno; *held is to be closed.
 */
static int hold_exe(struct target *t, int *held)
{
	if (t->flags || strcmp(t->path, "/proc/self/exe") != 0)
		return 0;
	*held = sys_open(t->path, O_PATH);
	if (*held < 0)
		return errno;
	t->dirfd = *held;
	t->path = "";
	t->flags = AT_EMPTY_PATH;
	return 0;
}

int passage_refused(const struct attempt *a, const struct rule *rule)
{
	int log = log_open(&a->state->log, LOG_ERROR);
	int err = attempt_refused(a, rule, log);

	log_close(&a->state->log, log);
	return err;
}

static int enter_by(struct attempt *a, const struct rule *given)
{
	const struct log *l = &a->state->log;
	const struct rule *rule;
	struct report *r = a->report;
	struct creds creds;
	struct asked asked;
	struct plan plan;
	const char *path;
	bool fresh;
	int log, err, held = -1;

	enter_creds(&creds);
	rule = resolve(given, &creds, a->state->own.home.place, &asked, &r->fault);
	if (!rule)
		return passage_refused(a, given);
	plan_build(&plan, rule, &creds, r->later ? PLAN_SPAWN : PLAN_EXEC);
	if (plan_seen_inside(&plan)) /* it may not be there, and PATH goes on */
		plan_build(&plan, rule, &creds, PLAN_EXEC);
	/* With the credentials of before the entry: in a user namespace of one's own more may be
	   allowed. What only the whole check sees the exec will see, where that can be undone. */
	else if ((err = target_check(&a->target, !r->later && !plan_has(&plan, STEP_KEEP))))
		return err;
	fresh = needs_fresh_image(a, &plan);
	a->tried = fresh || needs_trial(a, &plan);
	path = fixed_path(a, &plan);
	if (!path)
		return errno;
	/* Off the scratch: a handler may use that before the exec. */
	a->target.path = path == a->target.path ? path : strcpy(alloca(strlen(path) + 1), path);
	/* Its path is out of reach later. A spawned child's parent writes, but for each step. */
	log = log_open(l, r->later ? LOG_DEBUG : LOG_ERROR);
	report_about(r, l, r->later ? "spawn" : "exec", a->target.path);
	if (l->level >= LOG_INFO && plan.creates_user)
		r->powerless = target_has_power(&a->target);
	err = fresh ? hold_exe(&a->target, &held) : 0;
	if (!err && (!a->tried || !try_out(a, rule, log, &err)))
		err = fresh ? by_fresh_image(a, rule, log) : in_place(a, &plan, log);
	log_close(l, log);
	if (held >= 0)
		sys_close(held);
	return err;
}

/*
 * No handler runs in between: it would run half inside, could start programs of its own from
 * there, or leave by siglongjmp(3). The signals wait for the exec, or for its failure.
 */
int passage_execute(const struct attempt *given, const struct rule *rule)
{
	struct attempt a = *given;
	uint64_t mask;
	int err;

	signals_block(&mask);
	a.mask = &mask;
	err = enter_by(&a, rule);
	signals_unblock(&mask);
	return err;
}

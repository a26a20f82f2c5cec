#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/birth.h"
#include "shim/choose.h"
#include "shim/enter.h"
#include "shim/exec.h"
#include "shim/helper.h"
#include "shim/inside.h"
#include "shim/interp.h"
#include "shim/loads.h"
#include "shim/parent.h"
#include "shim/path.h"
#include "shim/reexec.h"
#include "shim/remedy.h"
#include "shim/resolve.h"
#include "shim/scratch.h"
#include "shim/search.h"
#include "shim/state.h"
#include "shim/stay.h"
#include "shim/sys.h"
#include "shim/target.h"

/* One file to be tried. */
struct attempt {
	const struct state *state;
	struct target target;
	struct report *report;
	int saved; /* errno of before: a vfork child's is its parent's, and an exec that works
		      changes none */
	const uint64_t *mask; /* the caller's, where signals are blocked; null: they are not */
	const struct exec_request *request;
};

/* Not for a file that is not there: PATH goes on then. Returns 0 or an errno. */
static int do_last(const struct attempt *a)
{
	uint64_t mask;
	int err;

	if (!a->request->last)
		return 0;
	err = target_check(&a->target, false);
	if (err)
		return err;
	sys_block(&mask);
	err = a->request->last(a->request->arg);
	sys_unblock(&mask);
	return err;
}

/* The real call, with the environment as it shall be. Returns the errno. */
static int execute(const struct attempt *a, const struct env_want *want)
{
	const struct env_own *own = &a->state->own.env;
	const struct target *t = &a->target;
	size_t size = a->state->active ? env_room(own, t->envp, want) : 0;
	char *const *envp = t->envp;
	uint64_t again;
	void *room;
	int err;

	if (size) {
		room = scratch_or_stack(size);
		if (!room)
			return ENOMEM;
		envp = env_make(own, room, t->envp, want);
	}
	err = do_last(a);
	if (!err) {
		if (a->mask)
			sys_unblock(a->mask);
		errno = a->saved;
		err = target_execute(t, envp);
		if (a->mask)
			sys_block(&again);
	}
	scratch_or_stack_done(size);
	return err;
}

static int trace_of(const struct attempt *a, int log)
{
	return a->state->log.level == LOG_DEBUG ? log : -1;
}

/* Outside, and watched. */
static int execute_outside(const struct attempt *a, enum mark_kind decided)
{
	const struct target *t = &a->target;
	struct env_want want = state_want(a->state, decided, t->dirfd == AT_FDCWD ? t->path : NULL);

	return execute(a, &want);
}

/* Inside, and left alone. */
static int execute_inside(const struct attempt *a)
{
	return execute(a, &(struct env_want){ .leave = true });
}

/*
 * Where the mount namespace is joined the file may be there only inside, and is looked for there.
 */
static bool seen_inside(const struct plan *p)
{
	return p->joins & CLONE_NEWNS;
}

/* There is no way on and no way back. Where somebody waits for an answer, it is given to him. */
static int half_inside(const struct attempt *a, int log)
{
	struct report *r = a->report;

	r->what = REPORT_FAILED;
	if (r->later)
		return r->fault.err;
	report_write(r, &a->state->log, log);
	_exit(EXIT_ENTRY);
}

static int entry_failed(const struct attempt *a, const struct rule *rule, int log)
{
	struct report *r = a->report;
	int err = r->fault.err;

	r->what = REPORT_FAILED;
	if (!rule->go_on)
		return err;
	report_went_on(r);
	if (!r->later)
		report_write(r, &a->state->log, log);
	err = execute_outside(a, MARK_GO_ON);
	r->what = r->later ? r->what : REPORT_NOTHING;
	return err;
}

/* Entered, but not executed after all: what the check cannot see (ENOEXEC, no interpreter). */
static int exec_failed(const struct attempt *a, struct entry *e, int err, int log)
{
	struct report *r = a->report;
	const struct plan *p = e->plan;
	bool own = p->creates_user || p->tame;
	/* Nobody goes on in a pid namespace that he is not in. */
	bool stays = !p->moves_pid && (err == ENOEXEC ? own || !(p->joins & CLONE_NEWUSER) : own);
	enum ns_kind moved = entry_moved(e);

	r->what = REPORT_NOTHING;
	/* ENOEXEC is never taken back: who then interprets the script himself does so inside. */
	if (err != ENOEXEC && entry_back(e))
		return err;
	entry_close(e);
	/* The process ends, and its parent has the errno; there is no more to say, and no other
	   program of that name to look for. */
	if (r->later) {
		r->what = REPORT_FAILED;
		r->fault.op[0] = '\0';
		return err;
	}
	if (stays) {
		inside_mark(moved);
		return err;
	}
	fault_set(&r->fault, "execve", NS_KINDS, a->target.path, err);
	fault_why(&r->fault, "after it had entered, and there is no way back");
	fault_in(&r->fault, p->rule->name);
	return half_inside(a, log);
}

/* In the program's own process. */
static int execute_born(void *attempt)
{
	return execute_inside(attempt);
}

static struct birth birth_of(const struct attempt *a, struct entry *e, struct place *place, int log)
{
	size_t room = 0;

	while (a->target.shell && !sys_no_address(a->target.argv) &&
	       a->target.argv[room / sizeof(char *)])
		room += sizeof(char *);
	return (struct birth){ .entry = e,
			       .place = place,
			       .report = a->report,
			       .trace = trace_of(a, log),
			       .room = room,
			       .execute = execute_born,
			       .arg = (void *)a };
}

/* This process, which nobody has been told of, bears the program for its own parent. */
static int by_birth(const struct attempt *a, struct entry *e, int log)
{
	struct birth b = birth_of(a, e, a->request->place, log);
	struct report *r = a->report;

	report_entered(r, e->plan, e->left, &a->state->log);
	if (!birth(&b, false, true))
		syscall(SYS_exit_group, 0);
	/* There may be a child to be reaped: the parent has to hear of it before anything else is
	   tried. An exec that failed has no words. */
	r->what = REPORT_FAILED;
	return b.err ? b.err : r->fault.err;
}

/* Of a process that stays with its program. */
struct staying {
	const struct attempt *attempt;
	struct stay stay;
};

static int execute_with_monitor(void *arg)
{
	struct staying *s = arg;

	stay_hand_over(&s->stay);
	return execute_inside(s->attempt);
}

/* This process, whose pid is known, bears the program and is its monitor from then on. */
static int by_staying(const struct attempt *a, struct entry *e, int log)
{
	struct staying s = { .attempt = a };
	struct place place;
	struct birth b = birth_of(a, e, &place, log);
	struct report *r = a->report;
	const struct rule *rule = e->plan->rule;

	b.execute = execute_with_monitor;
	b.arg = &s;
	report_entered(r, e->plan, e->left, &a->state->log);
	report_write(r, &a->state->log, log);
	stay_begin(&s.stay);
	if (!birth(&b, true, false))
		stay_on(&s.stay, &place, a->state->own.home.image, &r->fault);
	else if (place.child)
		while (syscall(SYS_wait4, place.child, NULL, __WALL, NULL) < 0 && errno == EINTR)
			;
	stay_undo(&s.stay);
	if (b.err)
		return exec_failed(a, e, b.err, log);
	fault_in(&r->fault, rule->name);
	return entry_back(e) ? entry_failed(a, rule, log) : half_inside(a, log);
}

/* The one that the rule is in. */
static const char *profile_of(const struct state *s)
{
	return parent_has_child_here(s) ? s->judged_by : s->source.text;
}

static int by_fresh_image(const struct attempt *a, const struct rule *rule, int log)
{
	const struct state *s = a->state;
	const char *profile = profile_of(s);
	struct report *r = a->report;
	int err;

	if (reexec_try(s, profile, rule, &a->target, &r->fault))
		return r->fault.op[0] ? entry_failed(a, rule, log) : r->fault.err;
	if (a->request->last && (err = a->request->last(a->request->arg)))
		return err;
	sys_unblock(a->mask);
	errno = a->saved;
	reexec(s, profile, rule, &a->target, &r->fault);
	return entry_failed(a, rule, log);
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
			return entry_failed(a, plan->rule, log);
		}
		err = seen_inside(plan) ? 0 : interp_check(&a->target, false);
		if (err)
			return err;
	}
	if (enter(&e, plan, &home, trace_of(a, log), &r->fault))
		return entry_back(&e) ? entry_failed(a, plan->rule, log) : half_inside(a, log);
	if (seen_inside(plan))
		err = target_check(&a->target, false);
	if (err)
		return exec_failed(a, &e, err, log);
	if (plan->moves_pid)
		return r->later ? by_birth(a, &e, log) : by_staying(a, &e, log);
	report_entered(r, plan, e.left, &a->state->log);
	if (!r->later)
		report_write(r, &a->state->log, log);
	err = execute_inside(a);
	return exec_failed(a, &e, err, log);
}

/* Is this one of several paths, or will the process go on where the target is not there? */
static bool must_return(const struct attempt *a)
{
	return !a->report->later || (a->request->search && !strchr(a->request->file, '/'));
}

/*
 * Not in this process, or not without knowing before that the target is there: there is no way
 * back. Of several threads that execute, one could stay as the program's monitor; but not the others.
 */
static bool needs_fresh_image(const struct attempt *a, const struct plan *p)
{
	return (seen_inside(p) && p->leaves & CLONE_NEWUSER && must_return(a)) ||
	       (p->moves_pid && !a->report->later && sys_has_threads()) ||
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

	if (!p->rule->cwd || seen_inside(p) || t->dirfd != AT_FDCWD || t->path[0] == '/')
		return t->path;
	path = scratch_path(SCRATCH_TARGET);
	return path ? path_absolute(AT_FDCWD, t->path, path) : NULL;
}

/* Nothing has been entered: what the rule names is not there, or it cannot be followed. */
static int refused(const struct attempt *a, const struct rule *rule)
{
	int log = log_open(&a->state->log, LOG_ERROR);
	int err = entry_failed(a, rule, log);

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
	int log, err;

	enter_creds(&creds);
	rule = resolve(given, &creds, a->state->own.home.place, &asked, &r->fault);
	if (!rule)
		return refused(a, given);
	plan_build(&plan, rule, &creds, r->later ? PLAN_SPAWN : PLAN_EXEC);
	if (seen_inside(&plan)) /* it may not be there, and PATH goes on */
		plan_build(&plan, rule, &creds, PLAN_EXEC);
	/* With the credentials of before the entry: in a user namespace of one's own more may be
	   allowed. What only the whole check sees the exec will see, where that can be undone. */
	else if ((err = target_check(&a->target, !r->later && !plan_has(&plan, STEP_KEEP))))
		return err;
	path = fixed_path(a, &plan);
	if (!path)
		return errno;
	/* Off the scratch: a handler may use that before the exec. */
	a->target.path = path == a->target.path ? path : strcpy(alloca(strlen(path) + 1), path);
	/* Its path is out of reach later. A spawned child's parent writes, but for each step. */
	log = log_open(l, r->later ? LOG_DEBUG : LOG_ERROR);
	if (l->level >= LOG_INFO && plan.creates_user)
		r->powerless = target_has_power(&a->target);
	err = needs_fresh_image(a, &plan) ? by_fresh_image(a, rule, log) : in_place(a, &plan, log);
	log_close(l, log);
	return err;
}

/*
 * No handler runs in between: it would run half inside, could start programs of its own from
 * there, or leave by siglongjmp(3). The signals wait for the exec, or for its failure.
 */
static int enter_and_execute(const struct attempt *given, const struct rule *rule)
{
	struct attempt a = *given;
	uint64_t mask;
	int err;

	sys_block(&mask);
	a.mask = &mask;
	err = enter_by(&a, rule);
	sys_unblock(&mask);
	return err;
}

/*
 * The rule is for a program that has been loaded: its load door enters, or keeps the rule for its
 * children. What would not load the library enters here; its children, though, nobody could see.
 */
static int leave_to_load(const struct attempt *a, const struct rule *rule)
{
	struct report *r = a->report;
	int err;

	if (loads(&a->target, strchr(a->state->own.env.preload, '=') + 1))
		return execute_outside(a, MARK_PLAIN);
	if (rule->when == WHEN_LOAD)
		return enter_and_execute(a, rule);
	err = target_check(&a->target, false);
	if (err)
		return err;
	fault_set(&r->fault, "load", NS_KINDS, a->target.path, ENOTSUP);
	fault_why(&r->fault, "it would not load the library, so that its children could not enter "
			     "(when = fork)");
	fault_in(&r->fault, rule->name);
	return refused(a, rule);
}

/* It was read late, and cannot be: nothing is executed without it. */
static int no_profile(struct report *r)
{
	r->what = REPORT_FAILED;
	if (!r->fault.why[0])
		fault_why(&r->fault, "the profile cannot be read any more, and nothing is executed "
				     "without it");
	return r->fault.err ? r->fault.err : EINVAL;
}

static int attempt(const struct attempt *a)
{
	const struct state *s = a->state;
	const struct target *t = &a->target;
	const struct profile *p;
	const struct rule *rule;
	const char *named;
	bool child;

	if (!s->active || sys_no_address(t->path))
		return execute_outside(a, MARK_PLAIN);
	if (s->entered || inside())
		return execute_inside(a);
	p = state_profile(s, &a->report->fault);
	if (!p)
		return no_profile(a->report);
	if (!state_could(t->path))
		return execute_outside(a, MARK_DECIDED);
	/* The way out for one command: somebody has put it there since the constructor ran. */
	named = env_value(t->envp, "NSSHIM_PROFILE");
	if (named && !strcmp(named, "none"))
		return execute_outside(a, MARK_PLAIN);
	child = parent_has_child_here(s);
	rule = child ? s->children : choose(p, t->dirfd, t->path, t->flags, &a->report->fault);
	if (rule && t->flags & ~(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW))
		return EINVAL; /* as the kernel; one that knows more must not execute it outside */
	if (rule && rule->when != WHEN_EXEC && !child)
		return leave_to_load(a, rule);
	if (rule)
		return enter_and_execute(a, rule);
	if (!a->report->fault.op[0])
		return execute_outside(a, MARK_DECIDED);
	a->report->what = REPORT_FAILED;
	return a->report->fault.err;
}

/* A failed entry ends the search: another program of that name never runs instead. */
static int attempt_along(void *ctx, const char *path, bool *stop)
{
	struct attempt *a = ctx;
	int err;

	a->target.path = path;
	err = attempt(a);
	*stop = a->report->what == REPORT_FAILED;
	return err;
}

int exec_run(const struct exec_request *r, struct report *report)
{
	struct attempt a = {
		.saved = errno,
		.state = state_get(),
		.report = report,
		.request = r,
		.target = { r->dirfd, r->flags, r->file, r->shell, r->argv, r->envp },
	};

	report->what = REPORT_NOTHING;
	if (r->search && !sys_no_address(r->file) && !strchr(r->file, '/'))
		return search(r->path, r->file, attempt_along, &a);
	return attempt(&a);
}

int exec_door(const struct exec_request *r)
{
	struct report report = { .later = false };
	int err = exec_run(r, &report);

	report_say(&report, &state_get()->log);
	errno = err;
	return -1;
}

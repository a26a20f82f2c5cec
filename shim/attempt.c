#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <sched.h>
#include <unistd.h>

#include "shim/attempt.h"
#include "shim/inner/given.h"
#include "shim/inside.h"
#include "shim/remedy.h"
#include "shim/scratch.h"
#include "shim/search.h"
#include "shim/signals.h"
#include "shim/sys.h"

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
	signals_block(&mask);
	err = a->request->last(a->request->arg);
	signals_unblock(&mask);
	return err;
}

static const struct env_want leave = { .leave = true };

static size_t aligned(size_t size)
{
	return (size + sizeof(void *) - 1) & -sizeof(void *);
}

/* Bytes for what the exec is given. */
struct rooms {
	size_t own, env, arg;
};

static struct rooms rooms_of(const struct attempt *a, const struct env_want *want,
			     const struct rule *rule)
{
	const struct target *t = &a->target;

	return (struct rooms){
		a->state->active ? aligned(env_room(&a->state->own.env, t->envp, want)) : 0,
		aligned(given_env_room(rule, t->envp)),
		given_argv_room(rule, t->argv),
	};
}

/* Both at once; what is done stays mapped, for the next. */
static int reserve(size_t first, size_t second)
{
	void *a = first ? scratch_room(first) : NULL, *b = second ? scratch_room(second) : NULL;
	bool failed = (first && !a) || (second && !b);

	if (a)
		scratch_done(a, first);
	if (b)
		scratch_done(b, second);
	return failed ? ENOMEM : 0;
}

int attempt_reserve(const struct attempt *a, const struct rule *rule)
{
	struct rooms r;
	size_t size;

	if (!rule_item(rule, ITEM_RLIMIT))
		return 0;
	r = rooms_of(a, &leave, rule);
	size = r.own + r.env + r.arg;
	return reserve(size > SCRATCH_FROM ? size : 0,
		       rule->item[PHASE_FILTERS] ? BPF_MAXINSNS * sizeof(struct sock_filter) : 0);
}

/* The real call, with the environment as it shall be. Returns the errno. */
static int execute(const struct attempt *a, const struct env_want *want, struct entry *e)
{
	const struct env_own *own = &a->state->own.env;
	const struct rule *rule = e ? e->plan->rule : NULL;
	struct target t = a->target;
	struct rooms rooms = rooms_of(a, want, rule);
	size_t size = rooms.own + rooms.env + rooms.arg;
	uint64_t again;
	char *room = NULL;
	int err;

	if (size) {
		room = scratch_or_stack(size);
		if (!room)
			return ENOMEM;
	}
	if (rooms.own)
		t.envp = env_make(own, room, t.envp, want);
	if (rooms.env)
		t.envp = given_env(rule, room + rooms.own, t.envp);
	if (rooms.arg)
		t.argv = given_argv(rule, room + rooms.own + rooms.env, t.argv);
	err = do_last(a);
	if (!err && e && enter_last(e, &a->report->fault))
		err = a->report->fault.err;
	/* Else the program would run with every signal blocked. */
	if (!err && a->mask && signals_unblock(a->mask) && e) {
		e->failed = true;
		err = signals_denied(&a->report->fault);
		fault_in(&a->report->fault, rule->name);
	}
	if (!err) {
		errno = a->saved;
		err = target_execute(&t, t.envp);
		if (a->mask)
			signals_block(&again);
	}
	scratch_or_stack_done(room, size);
	return err;
}

int attempt_trace(const struct attempt *a, int log)
{
	return a->state->log.level == LOG_DEBUG ? log : -1;
}

int attempt_outside(const struct attempt *a, enum mark_kind decided)
{
	const struct target *t = &a->target;
	struct env_want want = state_want(a->state, decided, t->dirfd == AT_FDCWD ? t->path : NULL);

	return execute(a, &want, NULL);
}

int attempt_inside(const struct attempt *a, struct entry *e)
{
	return execute(a, &leave, e);
}

int attempt_half(const struct attempt *a, int log)
{
	struct report *r = a->report;

	r->what = REPORT_FAILED;
	if (r->later)
		return r->fault.err;
	report_write(r, &a->state->log, log);
	_exit(EXIT_ENTRY);
}

int attempt_refused(const struct attempt *a, const struct rule *rule, int log)
{
	struct report *r = a->report;
	int err = r->fault.err;

	r->what = REPORT_FAILED;
	if (!rule->go_on)
		return err;
	report_went_on(r);
	if (!r->later)
		report_write(r, &a->state->log, log);
	err = attempt_outside(a, MARK_GO_ON);
	r->what = r->later ? r->what : REPORT_NOTHING;
	return err;
}

int attempt_undone(const struct attempt *a, struct entry *e, int err, int log)
{
	struct report *r = a->report;
	const struct plan *p = e->plan;
	bool own = p->creates_user || p->tame || (e->lasting && !(p->joins & CLONE_NEWUSER));
	/* Nobody goes on in a pid namespace that he is not in. */
	bool stays = !p->moves_pid && (err == ENOEXEC ? own || !(p->joins & CLONE_NEWUSER) : own);
	bool vanished = a->tried && search_goes_on(err);
	enum ns_kind moved = entry_moved(e);
	bool told;

	if (e->failed)
		return attempt_half(a, log);
	told = remedy_exec(&r->fault, p, a->target.path, err);
	r->what = told ? REPORT_FAILED : REPORT_NOTHING;
	/* ENOEXEC is never taken back: who then interprets the script himself does so inside. */
	if (err != ENOEXEC && entry_back(e))
		return err;
	entry_close(e);
	/* The process ends, and its parent has the errno; there is no more to say, and no other
	   program of that name to look for. */
	if (r->later) {
		r->what = REPORT_FAILED;
		r->fault.op[0] = told ? r->fault.op[0] : '\0';
		return err;
	}
	if (stays && !vanished) {
		if (moved != NS_KINDS || e->lasting)
			inside_mark(moved);
		return err;
	}
	if (!told)
		fault_set(&r->fault, "execve", NS_KINDS, a->target.path, err);
	fault_why(&r->fault, told ? "; it has entered, and there is no way back"
				  : "after it had entered, and there is no way back");
	fault_in(&r->fault, p->rule->name);
	return attempt_half(a, log);
}

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "shim/choose.h"
#include "shim/exec.h"
#include "shim/inside.h"
#include "shim/loads.h"
#include "shim/parent.h"
#include "shim/passage.h"
#include "shim/search.h"
#include "shim/sys.h"

/*
 * The rule is for a program that has been loaded: its load door enters, or keeps the rule for its
 * children. What would not load the library enters here; its children, though, nobody could see.
 */
static int leave_to_load(const struct attempt *a, const struct rule *rule)
{
	struct report *r = a->report;
	int err;

	if (loads(&a->target, a->state->own.home.init))
		return attempt_outside(a, MARK_PLAIN);
	if (rule->when == WHEN_LOAD)
		return passage_execute(a, rule);
	err = target_check(&a->target, false);
	if (err)
		return err;
	fault_set(&r->fault, "load", NS_KINDS, a->target.path, ENOTSUP);
	fault_why(&r->fault, "it would not load the library, so that its children could not enter "
			     "(when = fork)");
	fault_in(&r->fault, rule->name);
	return passage_refused(a, rule);
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
		return attempt_outside(a, MARK_PLAIN);
	if (s->entered || inside())
		return attempt_inside(a, NULL);
	p = state_profile(s, &a->report->fault);
	if (!p)
		return no_profile(a->report);
	if (!state_could(t->path))
		return attempt_outside(a, MARK_DECIDED);
	/* The way out for one command: somebody has put it there since the constructor ran. */
	named = env_value(t->envp, "NSSHIM_PROFILE");
	if (named && !strcmp(named, "none"))
		return attempt_outside(a, MARK_PLAIN);
	child = parent_has_child_here(s);
	rule = child ? s->children : choose(p, t, false, &a->report->fault);
	if (rule && t->flags & ~(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW))
		return EINVAL; /* as the kernel; one that knows more must not execute it outside */
	if (rule && rule->when != WHEN_EXEC && !child)
		return leave_to_load(a, rule);
	if (rule)
		return passage_execute(a, rule);
	if (!a->report->fault.op[0])
		return attempt_outside(a, MARK_DECIDED);
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
	if (r->search && !sys_no_address(r->file))
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

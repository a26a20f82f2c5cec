#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "shim/enter.h"
#include "shim/fork.h"
#include "shim/nursery.h"
#include "shim/parent.h"
#include "shim/remedy.h"
#include "shim/report.h"
#include "shim/resolve.h"
#include "shim/signals.h"
#include "shim/sys.h"

/* Made before the fork, so that both have it. */
struct door {
	const struct state *state;
	const struct rule *given; /* as the profile has it */
	struct home home;
	struct creds creds;
	struct asked asked;
	struct plan plan;
	uint64_t mask;	    /* the caller's: no handler runs half inside */
	int saved;	    /* errno */
	struct entry entry; /* what leads there is open in both */
	struct nursery nursery;
	struct answer *answer;
};

/*
 * Shared by the two, and no pipe: that would need descriptors where there may be none, and its end
 * would stay open in what other threads fork meanwhile.
 */
struct answer {
	atomic_int given;
	struct report report;
};

/*
 * Nobody is a child of his own: who makes them has to place them, which needs capabilities; and the
 * /proc of a pid namespace can be mounted by who has them over that.
 */
static int check_pid(const struct door *d, struct fault *f)
{
	if (!d->plan.moves_pid || (d->creds.admin && !(d->plan.leaves & CLONE_NEWUSER)))
		return 0;
	fault_set(f, "setns", NS_PID, NULL, EPERM);
	fault_why(f, d->creds.admin
			     ? "children that only fork cannot have a pid namespace together "
			       "with a user namespace"
			     : "to place children that only fork needs CAP_SYS_ADMIN: those "
			       "of posix_spawn do not (when = exec)");
	return -1;
}

/*
 * No exec gives the child other memory: it is a copy of its parent's, and must be readable to no
 * more processes than that. A child that is not dumpable is not traced from its new user namespace,
 * nor by who owns that; but then its maps belong to root.
 */
static bool must_hide(const struct plan *p)
{
	return p->creates_user && sys_privileged();
}

static int check_memory(const struct door *d, struct fault *f)
{
	bool hidden = prctl(PR_GET_DUMPABLE) != 1;

	if (!d->plan.creates_user || !d->creds.uid || !(hidden || must_hide(&d->plan)))
		return 0;
	fault_set(f, "fork", NS_USER, NULL, EPERM);
	fault_why(f, hidden ? "a process that is not dumpable cannot write the maps of a user "
			      "namespace, and its child has the same memory"
			    : "this process has capabilities, and in a user namespace its child's "
			      "memory, a copy, could be read by those who have none");
	return -1;
}

static int prepare(struct door *d, struct fault *f)
{
	const struct rule *rule;

	enter_creds(&d->creds);
	rule = resolve(d->given, &d->creds, d->home.place, &d->asked, f);
	if (!rule)
		return -1;
	plan_build(&d->plan, rule, &d->creds, PLAN_FORK);
	if (!check_pid(d, f) && !check_memory(d, f))
		return 0;
	fault_in(f, rule->name);
	return -1;
}

static int enter_as_child(struct door *d, struct report *r)
{
	const struct state *s = d->state;
	int dumpable = must_hide(&d->plan) ? prctl(PR_GET_DUMPABLE) : 0;
	int log = log_open(&s->log, LOG_DEBUG);
	struct entry *e = &d->entry;
	int failed;

	if (dumpable)
		prctl(PR_SET_DUMPABLE, 0);
	failed = enter_go(e, log, &r->fault) || enter_born(e, log, &r->fault) ||
		 enter_last(e, &r->fault);
	log_close(&s->log, log);
	if (!failed) {
		if (d->plan.moves_pid)
			e->left |= CLONE_NEWPID;
		report_entered(r, e, &s->log);
		entry_close(e); /* and stays hidden from the user namespace that it joined */
		return 0;
	}
	if (!entry_back(e) || !d->given->go_on)
		return -1;
	if (dumpable)
		prctl(PR_SET_DUMPABLE, dumpable);
	report_went_on(r);
	return 0;
}

static void tell(struct answer *a)
{
	atomic_store(&a->given, 1);
	syscall(SYS_futex, &a->given, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void child(struct door *d)
{
	struct report *r = &d->answer->report;

	r->what = REPORT_FAILED;
	if (enter_as_child(d, r)) {
		tell(d->answer);
		syscall(SYS_exit_group, 127);
		__builtin_unreachable();
	}
	if (r->what == REPORT_ENTERED)
		parent_entered();
	else
		parent_again();
	tell(d->answer);
}

/* Has it ended, or been waited for by another thread, or by nobody (SIGCHLD ignored)? */
static bool has_ended(pid_t pid)
{
	siginfo_t info = { .si_pid = 0 };

	return syscall(SYS_waitid, P_PID, pid, &info, WEXITED | WNOHANG | WNOWAIT, NULL) ||
	       info.si_pid == pid;
}

/*
 * False: it has been killed before it could answer. Its parent then sees what he would see of a
 * child that dies at once.
 */
static bool answered(struct answer *a, pid_t pid)
{
	const struct timespec tick = { .tv_nsec = 20000000 };

	while (!atomic_load(&a->given)) {
		syscall(SYS_futex, &a->given, FUTEX_WAIT, 0, &tick, NULL, 0);
		if (!atomic_load(&a->given) && has_ended(pid))
			return atomic_load(&a->given);
	}
	return true;
}

static pid_t parent(const struct door *d, pid_t pid)
{
	struct report *r = &d->answer->report;
	bool known = answered(d->answer, pid);

	errno = d->saved;
	if (!known)
		return pid;
	r->parent = r->pid;
	r->pid = pid;
	report_say(r, &d->state->log);
	if (r->what != REPORT_FAILED)
		return pid;
	sys_reap(pid);
	errno = r->fault.err;
	return -1;
}

/* Nothing has been done yet. */
static pid_t refused(const struct door *d, struct report *r, next_fork *real)
{
	pid_t pid;

	r->what = REPORT_FAILED;
	if (d->given->go_on)
		report_went_on(r);
	report_say(r, &d->state->log);
	if (!d->given->go_on) {
		errno = r->fault.err;
		return -1;
	}
	pid = real();
	if (!pid)
		parent_again();
	if (pid >= 0)
		errno = d->saved;
	return pid;
}

static pid_t start(struct door *d, next_fork *real)
{
	struct report *r = &d->answer->report;
	pid_t pid;

	/* In its parent's numbers, who does not know the last of them yet. */
	report_about(r, &d->state->log, "fork", "");
	signals_block(&d->mask);
	if (enter_open(&d->entry, &d->plan, &d->home, &r->fault) ||
	    nursery_open(&d->nursery, &d->entry, &r->fault)) {
		entry_close(&d->entry);
		signals_unblock(&d->mask);
		remedy_errno(&r->fault, d->given);
		return refused(d, r, real);
	}
	pid = real();
	if (!pid) {
		nursery_leave(&d->nursery);
		child(d);
	} else {
		nursery_close(&d->nursery);
		entry_close(&d->entry);
	}
	if (pid > 0)
		pid = parent(d, pid);
	signals_unblock(&d->mask);
	if (!pid)
		errno = d->saved;
	return pid;
}

__attribute__((noinline)) static pid_t fork_inside(const struct state *s, next_fork *real)
{
	struct door d = {
		.state = s,
		.given = s->children,
		.home = own_home(&s->own, s->judged_by),
		.saved = errno,
	};
	struct report r = { .later = false };
	pid_t pid;

	if (prepare(&d, &r.fault))
		return refused(&d, &r, real);
	d.answer = mmap(NULL, sizeof *d.answer, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			-1, 0);
	if (d.answer == MAP_FAILED) {
		errno = ENOMEM; /* as fork(2) */
		return -1;
	}
	pid = start(&d, real);
	munmap(d.answer, sizeof *d.answer);
	return pid;
}

pid_t fork_door(next_fork *real)
{
	const struct state *s = state_get();
	int saved = errno;

	if (parent_is(s))
		return fork_inside(s, real);
	if (s->active)
		state_profile(s, NULL); /* a large one is read once, and not by each child */
	errno = saved;
	return real();
}

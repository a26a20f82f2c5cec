#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shim/actions.h"
#include "shim/attr.h"
#include "shim/child.h"
#include "shim/env.h"
#include "shim/exec.h"
#include "shim/lead.h"
#include "shim/next.h"
#include "shim/parent.h"
#include "shim/report.h"
#include "shim/scratch.h"
#include "shim/spawn.h"
#include "shim/state.h"
#include "shim/signals.h"
#include "shim/sys.h"
#include "shim/target.h"

static next_spawn *libc_function(const struct spawn_request *r)
{
	next_spawn *old = NULL;

	next_resolve_spawn();
	if (r->shell)
		old = r->search ? next.spawnp_old : next.spawn_old;
	if (old)
		return old;
	return r->search ? next.spawnp : next.spawn;
}

/* libc starts it: the child has the shim, and enters by the load door if a rule fits after all. */
static int pass(const struct spawn_request *r, enum mark_kind decided)
{
	const struct state *s = state_get();
	char *const *envp = r->envp;
	void *room = NULL;
	int err;
	struct env_want want = parent_want(s, decided, r->search ? NULL : r->file);
	size_t n = s->active ? env_room(&s->own.env, envp, &want) : 0;

	if (r->pidfd) {
		errno = ENOSYS;
		return errno;
	}
	if (n) {
		room = scratch_or_stack(n);
		if (!room)
			return errno;
		envp = env_make(&s->own.env, room, envp, &want);
	}
	err = libc_function(r)(r->pid, r->file, r->actions, r->attr, r->argv, envp);
	scratch_or_stack_done(room, n);
	return err;
}

/* On the caller's stack: its thread stands still as long as the child may write here. */
struct spawn {
	struct child child; /* first: the child is given this, and has the rest */
	struct attr attr;
	struct actions actions;
	struct exec_request exec;
	struct report report;
	struct place place;
	struct lead lead;
	bool later;    /* a rule may want another process to be the program (shim/lead.h) */
	uint64_t mask; /* the child's at the end */
	int pidfd;
	int err;
};

/*
 * libc's order. All of it comes before the entry: inside, the child may hold capabilities over its
 * own files that the caller lacks, and lacks those over process groups and priorities outside.
 * The mask comes before the entry too, since a helper that hangs must be open to a signal; one
 * that kills the child in the middle is seen by the parent as libc would show it, as a program that
 * was started and died of it.
 */
static void run(struct child *c)
{
	struct spawn *s = (struct spawn *)c;
	int err = attr_run(&s->attr, c->handlers, s->later);

	for (int i = 0; !err && i < s->actions.count; i++)
		err = s->later ? lead_action(&s->lead, s->actions.first + i)
			       : action_run(s->actions.first + i, s->attr.pgroup);
	if (!err) {
		signals_unblock(&s->mask);
		err = exec_run(&s->exec, &s->report);
	}
	s->err = err ? err : ECHILD;
	syscall(SYS_exit_group, 127);
	__builtin_unreachable();
}

static int lead(void *s)
{
	return lead_run(&((struct spawn *)s)->lead);
}

/* What the parent alone may do: it reads libc's objects and PATH. False: libc must do it all. */
static bool prepare(struct spawn *s, const struct spawn_request *r)
{
	const struct profile *p = state_profile(state_get(), NULL);

	if (!attr_read(&s->attr, r->attr) || !actions_read(&s->actions, r->actions))
		return false;
	s->later = p && p->pids;
	s->lead = (struct lead){ .attr = &s->attr, .terminal = -1 };
	s->child = (struct child){
		.run = run,
		.room = target_room(&(struct target){ .shell = r->shell, .argv = r->argv }),
		.hidden = s->later,
		.cgroup = s->attr.cgroup,
		.pidfd = r->pidfd ? &s->pidfd : NULL,
	};
	s->exec = (struct exec_request){
		.dirfd = AT_FDCWD,
		.file = r->file,
		.search = r->search,
		.shell = r->shell,
		.path = r->search ? getenv("PATH") : NULL,
		.argv = r->argv,
		.envp = r->envp,
		.last = s->later ? lead : NULL,
		.arg = s,
		.place = &s->place,
	};
	memset(&s->report, 0, sizeof s->report);
	s->report.later = true;
	s->pidfd = -1;
	s->err = 0;
	return true;
}

/* Was a hidden child killed before it executed? Then no wait of the caller's would find it. */
static bool was_lost(pid_t pid)
{
	const int now = WEXITED | WNOHANG | WNOWAIT;

	return syscall(SYS_waitid, P_PID, pid, NULL, now, NULL) && errno == ECHILD &&
	       !syscall(SYS_waitid, P_PID, pid, NULL, now | __WALL, NULL);
}

/* Of the program, in the place of the one between's. 0 or an errno. */
static int exchange_pidfd(struct spawn *s)
{
	int fd = sys_pidfd_open(s->place.child);

	if (fd < 0 && errno == ESRCH)
		return 0; /* SIGCHLD is ignored and it has ended, as the one between has */
	sys_close(s->pidfd);
	if (fd < 0)
		fd = sys_pidfd_open(s->place.child);
	s->pidfd = fd;
	return fd < 0 ? errno : 0;
}

/* The program is a child of the one that was started, and of this process by now. */
static pid_t take(struct spawn *s, pid_t between)
{
	bool killed = WIFSIGNALED(sys_reap(between));

	/* Where it was killed, the program may be anywhere: before its exec, or after it. */
	place_left(&s->place);
	if (!s->place.child)
		s->err = s->err ? s->err : EAGAIN;
	else if (!s->err && (killed || was_lost(s->place.child)))
		s->err = EAGAIN;
	else if (!s->err && s->pidfd >= 0)
		s->err = exchange_pidfd(s);
	if (s->err && s->place.child)
		syscall(SYS_kill, s->place.child, SIGKILL);
	return s->place.child;
}

/* Returns the pid, or a negated errno with no child left. */
static pid_t start(struct spawn *s)
{
	uint64_t mask;
	pid_t pid;

	signals_block(&mask);
	s->mask = s->attr.flags & POSIX_SPAWN_SETSIGMASK ? s->attr.mask : mask;
	place_none(&s->place);
	pid = child_start(&s->child);
	if (pid > 0 && (s->place.child || s->place.init))
		pid = take(s, pid);
	else if (pid > 0 && !s->err && s->later && was_lost(pid))
		s->err = EAGAIN;
	if (pid > 0 && s->err)
		sys_reap(pid);
	child_end(&s->child);
	if (pid >= 0 && s->err) {
		if (s->pidfd >= 0)
			sys_close(s->pidfd);
		pid = -s->err;
	}
	signals_unblock(&mask);
	return pid;
}

static int finish(const struct spawn_request *r, struct spawn *s, pid_t pid)
{
	/* What entered and then was no program after all has an errno, and no fault to tell of. */
	if (s->report.what != REPORT_NOTHING && (pid > 0 || s->report.fault.op[0])) {
		s->report.pid = pid;
		report_say(&s->report, &state_get()->log);
	}
	if (pid < 0)
		return -pid;
	if (r->pidfd)
		*r->pidfd = s->pidfd;
	else if (r->pid)
		*r->pid = pid;
	return 0;
}

int spawn_door(const struct spawn_request *r)
{
	struct spawn s;
	int saved = errno;
	int cancel, err;
	bool could;
	pid_t pid;

	/* Asked in any case: it makes the state ready, which no child may do. */
	could = !r->file || state_could(r->file);
	if (!r->file || !r->argv || (!could && !r->pidfd) || !prepare(&s, r))
		return pass(r, could ? MARK_PLAIN : MARK_DECIDED);
	/* A thread that is cancelled here would leave a child that nobody knows of. */
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
	pid = start(&s);
	if (pid != -ENOSYS || s.err) {
		err = finish(r, &s, pid);
		errno = err ? err : saved;
	} else {
		err = pass(r, MARK_PLAIN);
	}
	pthread_setcancelstate(cancel, &cancel);
	return err;
}

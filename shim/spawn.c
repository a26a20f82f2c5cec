#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/actions.h"
#include "shim/attr.h"
#include "shim/child.h"
#include "shim/env.h"
#include "shim/exec.h"
#include "shim/next.h"
#include "shim/parent.h"
#include "shim/report.h"
#include "shim/scratch.h"
#include "shim/spawn.h"
#include "shim/state.h"
#include "shim/sys.h"

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
	int err;
	struct env_want want = parent_want(s, decided, r->search ? NULL : r->file);
	size_t n = s->active ? env_room(&s->own.env, envp, &want) : 0;

	if (r->pidfd) {
		errno = ENOSYS;
		return errno;
	}
	if (n) {
		void *room = scratch_or_stack(n);

		if (!room)
			return errno;
		envp = env_make(&s->own.env, room, envp, &want);
	}
	err = libc_function(r)(r->pid, r->file, r->actions, r->attr, r->argv, envp);
	scratch_or_stack_done(n);
	return err;
}

/* On the caller's stack: its thread stands still as long as the child may write here. */
struct spawn {
	struct child child; /* first: the child is given this, and has the rest */
	struct attr attr;
	struct actions actions;
	struct exec_request exec;
	struct report report;
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
	int err = attr_run(&s->attr, c->handlers);

	for (int i = 0; !err && i < s->actions.count; i++)
		err = action_run(s->actions.first + i, s->attr.pgroup);
	if (!err) {
		sys_unblock(&s->mask);
		err = exec_run(&s->exec, &s->report);
	}
	s->err = err ? err : ECHILD;
	syscall(SYS_exit_group, 127);
	__builtin_unreachable();
}

/* What the parent alone may do: it reads libc's objects and PATH. False: libc must do it all. */
static bool prepare(struct spawn *s, const struct spawn_request *r)
{
	if (!attr_read(&s->attr, r->attr) || !actions_read(&s->actions, r->actions))
		return false;
	s->child = (struct child){
		.run = run,
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
	};
	if (r->shell) /* its argument list is built in the child */
		for (size_t n = 0; r->argv[n]; n++)
			s->child.room += sizeof(char *);
	memset(&s->report, 0, sizeof s->report);
	s->report.later = true;
	s->pidfd = -1;
	s->err = 0;
	return true;
}

/* ECHILD: the caller ignores SIGCHLD, or another of its threads waits for any child. */
static void reap(struct spawn *s, pid_t pid)
{
	while (syscall(SYS_wait4, pid, NULL, 0, NULL) < 0 && errno == EINTR)
		;
	if (s->pidfd >= 0)
		sys_close(s->pidfd);
}

/* Returns the pid, or a negated errno with no child left. */
static pid_t start(struct spawn *s)
{
	uint64_t mask;
	pid_t pid;

	sys_block(&mask);
	s->mask = s->attr.flags & POSIX_SPAWN_SETSIGMASK ? s->attr.mask : mask;
	pid = child_start(&s->child);
	if (pid > 0 && s->err) {
		reap(s, pid);
		pid = -s->err;
	}
	sys_unblock(&mask);
	return pid;
}

static int finish(const struct spawn_request *r, const struct spawn *s, pid_t pid)
{
	/* What entered and then was no program after all has an errno, and no fault to tell of. */
	if (s->report.what != REPORT_NOTHING && (pid > 0 || s->report.fault.op[0]))
		report_say(&s->report, &state_get()->log);
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

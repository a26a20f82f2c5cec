#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shim/descriptors.h"
#include "shim/enter.h"
#include "shim/sets/stock.h"
#include "shim/sys.h"
#include "shim/token.h"

enum { STACK = 64 << 10, LATE = 2 };

/* In memory that is ours too, which waits meanwhile: only until it is ready is errno used. */
static int be_set(void *arg)
{
	struct stock *s = arg;
	struct plan plan;
	struct entry e;
	struct fault f;

	plan_build(&plan, &s->rule, &s->creds, PLAN_HOLD);
	if (enter(&e, &plan, &s->home, -1, &f))
		return 1;
	entry_close(&e);
	if (!(plan.leaves & CLONE_NEWUSER))
		sys_drop_capabilities();
	/* Who takes it must be allowed to trace it (setns(2)). */
	prctl(PR_SET_DUMPABLE, 1);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != s->pid ||
	    write(s->ready[1], "", 1) != 1)
		return 1;
	descriptors_close(0, -1);
	for (;;)
		pause();
}

/* False: it has ended instead, or the wrapped program has. */
static bool wait_for(const struct stock *s, int pidfd)
{
	struct pollfd fd[] = {
		{ s->ready[0], POLLIN, 0 },
		{ pidfd, POLLIN, 0 },
		{ s->tree, POLLIN, 0 },
	};
	char byte;

	while (poll(fd, 3, -1) < 0 && errno == EINTR)
		;
	return read(s->ready[0], &byte, 1) == 1;
}

static bool put_token(struct stock *s, struct ahead *a)
{
	struct token t = { .pid = a->pid };
	struct stat st;

	if (fstat(a->pidfd, &st))
		return false;
	t.inode = st.st_ino;
	if (write(s->fifo, &t, sizeof t) != (ssize_t)sizeof t)
		return false;
	a->number = ++s->tokens;
	return true;
}

/* One, as cheap as they come: its memory is not copied. */
void stock_make(struct stock *s)
{
	struct ahead *a = &s->ahead[s->count];
	int flags = CLONE_VM | CLONE_PIDFD | SIGCHLD;

	if (!a->stack)
		a->stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	a->taken = 0;
	a->pid = a->stack == MAP_FAILED ? -1 : clone(be_set, a->stack + STACK, flags, s, &a->pidfd);
	if (a->pid < 0) {
		s->failures++;
		return;
	}
	s->count++;
	if (wait_for(s, a->pidfd) && put_token(s, a)) {
		s->failures = 0;
		return;
	}
	s->failures++;
	a->number = 1; /* of one that was taken */
	syscall(SYS_pidfd_send_signal, a->pidfd, SIGKILL, NULL, 0);
}

static struct ahead *find(struct stock *s, pid_t pid)
{
	for (unsigned i = 0; i < s->count; i++)
		if (s->ahead[i].pid == pid)
			return &s->ahead[i];
	return NULL;
}

/* Its place is the last one's, whose place and stack are free. */
static void forget(struct stock *s, struct ahead *a)
{
	struct ahead gone = *a;
	struct ahead *last = &s->ahead[--s->count];

	close(gone.pidfd);
	*a = *last;
	last->stack = gone.stack;
}

void stock_reap(struct stock *s)
{
	struct signalfd_siginfo info;
	struct ahead *a;
	pid_t pid;

	while (read(s->signals, &info, sizeof info) > 0)
		;
	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
		a = find(s, pid);
		if (a)
			forget(s, a);
	}
}

unsigned stock_count(struct stock *s)
{
	unsigned n = 0;
	int bytes = 0;
	unsigned long long taken;

	ioctl(s->fifo, FIONREAD, &bytes);
	taken = s->tokens - (unsigned)bytes / sizeof(struct token);
	for (unsigned i = 0; i < s->count; i++) {
		struct ahead *a = &s->ahead[i];

		if (a->number > taken) {
			n++;
			continue;
		}
		if (!a->taken)
			a->taken = time(NULL);
		else if (time(NULL) - a->taken > LATE)
			syscall(SYS_pidfd_send_signal, a->pidfd, SIGKILL, NULL, 0);
	}
	return n;
}

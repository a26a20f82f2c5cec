#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shim/nursery.h"
#include "shim/sys.h"

/* A process in between bears the init, which is its orphan then, and nobody's to wait for here. */
static int bear_init(void *arg)
{
	struct nursery *n = arg;
	char stack[PLACE_STACK] __attribute__((aligned(16)));
	struct place *p = &n->place;
	int ours = p->pipe, theirs = p->theirs; /* its descriptors are copies */

	if (sys_unshare(CLONE_NEWPID))
		n->failed = fault_set(n->fault, "unshare", NS_PID, NULL, errno);
	else
		n->failed = place_init(p, stack, n->entry, false, n->fault) ||
			    place_begun(p, n->entry, n->fault);
	p->pipe = ours;
	p->theirs = theirs;
	syscall(SYS_exit, 0);
	return 0;
}

/* A descriptor of it. */
static int make(struct nursery *n, const struct entry *e, struct fault *f)
{
	char stack[8192] __attribute__((aligned(16)));
	pid_t between;
	int fd;

	n->entry = e;
	n->fault = f;
	if (place_open(&n->place, f))
		return -1;
	between = clone(bear_init, stack + sizeof stack, CLONE_VM | CLONE_VFORK, n);
	if (between < 0)
		return fault_set(f, "clone", NS_PID, NULL, errno);
	sys_reap(between);
	if (n->failed)
		return -1;
	fd = sys_pidfd_open(n->place.init);
	return fd < 0 ? fault_set(f, "pidfd_open", NS_PID, NULL, errno) : fd;
}

static int send(struct nursery *n, int fd, struct fault *f)
{
	char own[SYS_NS_PATH];

	n->back = sys_open(sys_ns_path(NS_PID, own), O_RDONLY);
	if (n->back < 0)
		return fault_set(f, "open", NS_PID, own, errno);
	if (!sys_setns(fd, CLONE_NEWPID))
		return 0;
	fault_set(f, "setns", NS_PID, NULL, errno);
	sys_close(n->back);
	n->back = -1;
	return -1;
}

int nursery_open(struct nursery *n, const struct entry *e, struct fault *f)
{
	int fd, failed;

	place_none(&n->place);
	n->back = -1;
	n->failed = 0;
	if (!e->plan->moves_pid)
		return 0;
	fd = e->init < 0 ? e->file[NS_PID] : make(n, e, f);
	failed = fd < 0 ? -1 : send(n, fd, f);
	if (fd >= 0 && e->init >= 0)
		sys_close(fd);
	if (failed)
		place_end(&n->place);
	return failed;
}

void nursery_close(struct nursery *n)
{
	int saved = errno;

	if (n->back >= 0) {
		/* It was let in from there, and stays allowed in what it is in. */
		sys_setns(n->back, CLONE_NEWPID);
		sys_close(n->back);
	}
	place_end(&n->place);
	errno = saved;
}

void nursery_leave(struct nursery *n)
{
	if (n->back >= 0)
		sys_close(n->back);
	place_end(&n->place);
}

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/init.h"
#include "shim/place.h"
#include "shim/scratch.h"
#include "shim/sys.h"

enum { CHILD_STACK = 24 << 10 };

/* The pipe's end to 0, the image to 1, wherever they are now; there may be no other numbers. */
static int arrange(int image, int end)
{
	if (!image && end == 1)
		end = (int)syscall(SYS_fcntl, end, F_DUPFD_CLOEXEC, 2);
	if (end < 0 || (!image && syscall(SYS_dup3, image, 1, O_CLOEXEC) < 0))
		return -1;
	if (end ? syscall(SYS_dup3, end, 0, 0) < 0 : syscall(SYS_fcntl, 0, F_SETFD, 0) < 0)
		return -1;
	if (image > 1 && syscall(SYS_dup3, image, 1, O_CLOEXEC) < 0)
		return -1;
	/* Now and not by the init: when the program ends, whoever reads its pipe must hear so, and
	   the init may not have come to run by then. Before Linux 5.9 it is the init's to do. */
	syscall(SYS_close_range, 2, ~0u, 0);
	return 0;
}

/*
 * Has descriptors of its own, and this memory until it executes. With a monitor all has to end: a
 * program that is set-id, say, would take no notice of the signal of a parent's death.
 */
static int init(void *arg)
{
	static char *const argv[] = { (char *)INIT_NAME, NULL };
	static char *const envp[] = { NULL };
	struct place *p = arg;

	if (p->stays)
		syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
	if (arrange(p->image, p->theirs) || sys_execveat(1, "", argv, envp, AT_EMPTY_PATH))
		p->err = errno;
	syscall(SYS_exit, 127);
	return 0;
}

void place_none(struct place *p)
{
	p->begins = 0;
	p->pipe = p->theirs = -1;
	p->init = p->child = p->uses = 0;
	p->stack = NULL;
	p->err = 0;
}

int place_open(struct place *p, struct fault *f)
{
	struct rlimit limit;
	int ends[2];
	long rc;

	rc = syscall(SYS_pipe2, ends, O_CLOEXEC);
	if (rc && errno == EMFILE && sys_raise_files(&limit)) {
		rc = syscall(SYS_pipe2, ends, O_CLOEXEC);
		sys_lower_files(&limit);
	}
	if (rc)
		return fault_set(f, "pipe", NS_PID, NULL, errno);
	p->theirs = ends[0];
	p->pipe = ends[1];
	return 0;
}

/*
 * The two execute at the same time, which is a third of the cost. That the init cannot is rare by
 * now, since its file has been found to be executable.
 */
int place_init(struct place *p, char *stack, const struct entry *e, bool stays, struct fault *f)
{
	/* To a debugger of a monitor, which cannot know what it is else, it has to be a vfork(2). */
	int flags =
		CLONE_VM | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | (stays ? CLONE_VFORK : 0);

	p->image = e->init;
	p->stays = stays;
	p->init = clone(init, stack + PLACE_STACK, flags, p, &p->begins, NULL, &p->begins);
	if (p->init > 0)
		return 0;
	p->init = 0;
	fault_set(f, "clone", NS_PID, NULL, errno);
	place_end(p);
	return -1;
}

/* The kernel clears it where the process leaves this memory (set_tid_address(2)). */
static void wait_for(int *word)
{
	int now;

	while ((now = __atomic_load_n(word, __ATOMIC_ACQUIRE)))
		syscall(SYS_futex, word, FUTEX_WAIT, now, NULL, NULL, 0);
}

static void unmap(struct place *p)
{
	int saved = errno;

	if (p->stack)
		munmap(p->stack, p->size);
	p->stack = NULL;
	errno = saved;
}

void place_left(struct place *p)
{
	wait_for(&p->begins);
	if (p->child)
		wait_for(&p->uses);
	unmap(p);
}

int place_begun(struct place *p, const struct entry *e, struct fault *f)
{
	wait_for(&p->begins);
	return p->err ? fault_set(f, "execve", NS_PID, e->home->init, p->err) : 0;
}

int place_prepare(struct place *p, char *stack, const struct entry *e, bool stays, struct fault *f)
{
	place_none(p);
	if (e->init < 0)
		return 0;
	return place_open(p, f) ? -1 : place_init(p, stack, e, stays, f);
}

struct run {
	struct place *place;
	int (*run)(void *);
	void *arg;
};

static int child(void *arg)
{
	struct run *r = arg;

	/* Its own copy: the number may be one that the program was promised to be free. */
	if (r->place->pipe >= 0)
		sys_close(r->place->pipe);
	return r->run(r->arg);
}

pid_t place_child(struct place *p, int (*run)(void *), void *arg, size_t room, bool sibling)
{
	struct run r = { p, run, arg };
	int flags = CLONE_VM | CLONE_VFORK | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;
	pid_t pid;

	/* A mapping: a host's own stack may be a thread's of 16 KiB. */
	p->size = (CHILD_STACK + room + 15) & ~(size_t)15;
	p->stack = mmap(NULL, p->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p->stack == MAP_FAILED) {
		p->stack = NULL;
		errno = ENOMEM;
		return -1;
	}
	/*
	 * An exec gives it SIGCHLD. Of a sibling that never gets there nobody is to hear. Its pid is
	 * told by the kernel, and that it has left our memory, since we may be killed meanwhile.
	 */
	p->uses = 1;
	flags |= sibling ? CLONE_PARENT : SIGCHLD;
	pid = clone(child, p->stack + p->size, flags, &r, &p->child, NULL, &p->uses);
	/* By its number it could not be told from the next one: in its namespace each has the same. */
	scratch_left();
	unmap(p);
	return pid;
}

void place_stay(struct place *p)
{
	if (p->pipe >= 0)
		syscall(SYS_write, p->pipe, "", 1);
}

void place_reap(struct place *p)
{
	if (p->child > 0)
		sys_reap(p->child);
	place_end(p);
	if (p->init > 0)
		sys_reap(p->init);
	p->child = p->init = 0;
}

void place_end(struct place *p)
{
	if (p->pipe >= 0)
		sys_close(p->pipe);
	if (p->theirs >= 0)
		sys_close(p->theirs);
	p->pipe = p->theirs = -1;
}

#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shim/child.h"
#include "shim/machine.h"

#ifndef SYS_clone3
#define SYS_clone3 435
#endif
#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x1000
#endif
#define CLEAR_SIGHAND 0x100000000u /* handlers become SIG_DFL, what is ignored stays; Linux 5.5 */
#define INTO_CGROUP   0x200000000u /* Linux 5.7 */

/* Of clone3(2). Written out: <linux/sched.h> and <sched.h> define the same names. */
struct clone_args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid,
		set_tid_size, cgroup;
};

/* It has no wrapper in libc. */
static long clone3(struct clone_args *args, struct child *c)
{
	return machine_clone3(SYS_clone3, args, sizeof *args, (void (*)(void *))c->run, c);
}

static int run(void *c)
{
	((struct child *)c)->run(c);
	return 127;
}

/* Kernels before 5.2 take CLONE_PIDFD for nothing at all; this, of 5.4, can be asked beforehand. */
static bool has_pidfds(void)
{
	return !syscall(SYS_waitid, P_PIDFD, INT_MAX, NULL, WEXITED | WNOHANG, NULL) ||
	       errno != EINVAL;
}

static long clone_old(struct child *c)
{
	int flags = CLONE_VM | CLONE_VFORK | (c->hidden ? 0 : SIGCHLD);
	long pid;

	if (c->cgroup >= 0 || (c->pidfd && !has_pidfds()))
		return -ENOSYS;
	c->handlers = true;
	pid = clone(run, c->stack + c->size, flags | (c->pidfd ? CLONE_PIDFD : 0), c, c->pidfd);
	return pid < 0 ? -errno : pid;
}

/* Its room is of the address space only: a page that is not used is never there. */
enum { STACK = 64 << 10, PAGE = 4096 };

pid_t child_start(struct child *c)
{
	size_t size = (STACK + c->room + PAGE - 1) & ~(size_t)(PAGE - 1);
	/* What may grow has a gap below it, kept by the kernel; a guard page would cost 2 us. */
	char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_GROWSDOWN, -1, 0);
	struct clone_args args = {
		.flags = CLONE_VM | CLONE_VFORK | CLEAR_SIGHAND,
		.exit_signal = c->hidden ? 0 : SIGCHLD,
		.stack = (uintptr_t)stack,
		.stack_size = size,
	};
	long pid;

	c->stack = stack == MAP_FAILED ? NULL : stack;
	c->size = size;
	if (!c->stack)
		return -errno;
	if (c->pidfd) {
		args.flags |= CLONE_PIDFD;
		args.pidfd = (uintptr_t)c->pidfd;
	}
	if (c->cgroup >= 0) {
		args.flags |= INTO_CGROUP;
		args.cgroup = (uint64_t)c->cgroup;
	}
	c->handlers = false;
	pid = clone3(&args, c);
	/* Too old a kernel, or a filter that cannot read what clone3 is given and so refuses it. */
	if (pid == -ENOSYS || pid == -EPERM || (pid == -EINVAL && c->cgroup < 0))
		pid = clone_old(c);
	return (pid_t)pid;
}

void child_end(struct child *c)
{
	if (c->stack)
		munmap(c->stack, c->size);
	c->stack = NULL;
}

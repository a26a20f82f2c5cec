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

/*
 * clone3 has no wrapper in libc. The child comes back from the kernel with the caller's registers
 * and an empty stack, so it must not come back to C: it calls from where it is. Where this is not
 * written for the machine the answer is that of a kernel without clone3.
 */
static long clone3(struct clone_args *args, struct child *c)
{
#if defined __x86_64__ && !defined __ILP32__
	register struct child *arg __asm__("r8") = c;
	long rc = SYS_clone3;

	__asm__ volatile("syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "xor %%ebp, %%ebp\n\t" /* the end of the chain of frames */
			 "mov %%r8, %%rdi\n\t"
			 "call *%%rdx\n\t"
			 "hlt\n"
			 "1:"
			 : "+a"(rc)
			 : "D"(args), "S"(sizeof *args), "d"(c->run), "r"(arg)
			 : "rcx", "r11", "cc", "memory");
	return rc;
#elif defined __aarch64__ && !defined __ILP32__
	register long x8 __asm__("x8") = SYS_clone3;
	register struct clone_args *x0 __asm__("x0") = args;
	register long x1 __asm__("x1") = sizeof *args;
	register long x2 __asm__("x2") = (long)c->run;
	register struct child *x3 __asm__("x3") = c;

	__asm__ volatile("svc #0\n\t"
			 "cbnz x0, 1f\n\t"
			 "mov x29, xzr\n\t" /* the end of the chain of frames */
			 "mov x0, x3\n\t"
			 "blr x2\n\t"
			 "brk #1\n"
			 "1:"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3)
			 : "cc", "memory");
	return (long)x0;
#else
	(void)args;
	(void)c;
	return -ENOSYS;
#endif
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

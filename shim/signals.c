#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/signals.h"

/* As rt_sigaction(2) takes it; what follows the handler may stay empty where that is no function. */
struct disposition {
	signals_handler *handler;
	unsigned long rest[7];
};

signals_handler *signals_get(int sig)
{
	struct disposition now = { .handler = SIG_DFL };

	syscall(SYS_rt_sigaction, sig, NULL, &now, sizeof(uint64_t));
	return now.handler;
}

signals_handler *signals_set(int sig, signals_handler *handler)
{
	struct disposition new = { .handler = handler }, old = { .handler = SIG_DFL };

	syscall(SYS_rt_sigaction, sig, &new, &old, sizeof(uint64_t));
	return old.handler;
}

int signals_wait(siginfo_t *info)
{
	uint64_t all = ~(uint64_t)0;

	return syscall(SYS_rt_sigtimedwait, &all, info, NULL, sizeof all) < 0 ? -1 : 0;
}

bool signals_take(int sig, siginfo_t *info)
{
	const long now[2] = { 0, 0 };
	uint64_t one = (uint64_t)1 << (sig - 1);

	return syscall(SYS_rt_sigtimedwait, &one, info, now, sizeof one) == sig;
}

bool signals_pending(int sig)
{
	uint64_t set = 0;

	syscall(SYS_rt_sigpending, &set, sizeof set);
	return set & (uint64_t)1 << (sig - 1);
}

void signals_block(uint64_t *old)
{
	uint64_t all = ~(uint64_t)0;

	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, old, sizeof all);
}

int signals_unblock(const uint64_t *old)
{
	return (int)syscall(SYS_rt_sigprocmask, SIG_SETMASK, old, NULL, sizeof *old);
}

int signals_denied(struct fault *f)
{
	fault_set(f, "rt_sigprocmask", NS_KINDS, NULL, errno);
	fault_why(f, "the rule's filter denies it, and all signals would stay blocked in the "
		     "program");
	return f->err;
}

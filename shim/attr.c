#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/attr.h"
#include "shim/next.h"
#include "shim/signals.h"
#include "shim/sys.h"

#ifndef POSIX_SPAWN_SETCGROUP
#define POSIX_SPAWN_SETCGROUP 0x100 /* glibc 2.39 */
#endif

#define SCHEDULING (POSIX_SPAWN_SETSCHEDPARAM | POSIX_SPAWN_SETSCHEDULER)
#define KNOWN                                                                                      \
	(POSIX_SPAWN_RESETIDS | POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |                    \
	 POSIX_SPAWN_SETSIGMASK | SCHEDULING | POSIX_SPAWN_USEVFORK | POSIX_SPAWN_SETSID |         \
	 POSIX_SPAWN_SETCGROUP)

static bool read_cgroup(struct attr *a, const posix_spawnattr_t *from)
{
	next_resolve_spawn();
	return next.attr_getcgroup && !next.attr_getcgroup(from, &a->cgroup);
}

typedef int get_set(const posix_spawnattr_t *, sigset_t *);

/* Of sigset_t, 128 bytes in libc, the kernel has the first eight. */
static bool read_set(uint64_t *to, const posix_spawnattr_t *from, get_set *get)
{
	sigset_t set;

	if (get(from, &set))
		return false;
	memcpy(to, &set, sizeof *to);
	return true;
}

/* libc takes its own two signals out of a mask that it sets, not out of one that it inherits. */
#define LIBCS (UINT64_C(3) << (32 - 1))

bool attr_read(struct attr *a, const posix_spawnattr_t *from)
{
	short flags;

	a->flags = 0;
	a->pgroup = 0;
	a->defaults = a->mask = 0;
	a->cgroup = -1;
	if (!from)
		return true;
	if (posix_spawnattr_getflags(from, &flags) || flags & ~KNOWN)
		return false;
	a->flags = flags;
	if (flags & POSIX_SPAWN_SETPGROUP && posix_spawnattr_getpgroup(from, &a->pgroup))
		return false;
	if (flags & POSIX_SPAWN_SETSIGDEF &&
	    !read_set(&a->defaults, from, posix_spawnattr_getsigdefault))
		return false;
	if (flags & POSIX_SPAWN_SETSIGMASK && !read_set(&a->mask, from, posix_spawnattr_getsigmask))
		return false;
	if (flags & SCHEDULING && posix_spawnattr_getschedparam(from, &a->param))
		return false;
	if (flags & POSIX_SPAWN_SETSCHEDULER && posix_spawnattr_getschedpolicy(from, &a->policy))
		return false;
	a->mask &= ~LIBCS;
	return !(flags & POSIX_SPAWN_SETCGROUP) || read_cgroup(a, from);
}

static bool is_caught(int sig)
{
	signals_handler *now = signals_get(sig);

	return now != SIG_IGN && now != SIG_DFL;
}

/*
 * With `handlers`, which clone(2) hands down, each signal is asked for; those that are ignored stay
 * so.
 */
static void reset_signals(uint64_t defaults, bool handlers)
{
	for (int sig = 1; sig <= 64; sig++, defaults >>= 1) {
		bool reset = defaults & 1;

		if (!reset && handlers)
			reset = is_caught(sig);
		if (reset)
			signals_set(sig, SIG_DFL);
	}
}

static int set_scheduling(const struct attr *a)
{
	if (a->flags & POSIX_SPAWN_SETSCHEDULER)
		return (int)syscall(SYS_sched_setscheduler, 0, a->policy, &a->param);
	if (a->flags & POSIX_SPAWN_SETSCHEDPARAM)
		return (int)syscall(SYS_sched_setparam, 0, &a->param);
	return 0;
}

/* Of this process alone, and the saved ids stay: the real function does not touch them either. */
static int reset_ids(void)
{
	return sys_setresuid((uid_t)-1, getuid(), (uid_t)-1) ||
	       sys_setresgid((gid_t)-1, getgid(), (gid_t)-1);
}

int attr_lead(const struct attr *a)
{
	if (a->flags & POSIX_SPAWN_SETSID && syscall(SYS_setsid) < 0)
		return errno;
	if (a->flags & POSIX_SPAWN_SETPGROUP && !a->pgroup && syscall(SYS_setpgid, 0, 0))
		return errno;
	return 0;
}

int attr_run(const struct attr *a, bool handlers, bool later)
{
	int err;

	if (a->defaults || handlers)
		reset_signals(a->defaults, handlers);
	if (set_scheduling(a))
		return errno;
	err = later ? 0 : attr_lead(a);
	if (err)
		return err;
	/* A session's leader can be in no other group, nor found one. */
	if (later && a->flags & POSIX_SPAWN_SETSID && a->flags & POSIX_SPAWN_SETPGROUP)
		return EPERM;
	if (a->flags & POSIX_SPAWN_SETPGROUP && a->pgroup && syscall(SYS_setpgid, 0, a->pgroup))
		return errno;
	if (a->flags & POSIX_SPAWN_RESETIDS && reset_ids())
		return errno;
	return 0;
}

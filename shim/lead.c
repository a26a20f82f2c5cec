#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/lead.h"
#include "shim/sys.h"

/* A descriptor of our own: actions that follow may close theirs. Returns 0 or an errno. */
static int keep(struct lead *l, int fd)
{
	struct winsize size;
	long own;

	if (syscall(SYS_ioctl, fd, TIOCGWINSZ, &size))
		return errno;
	own = syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 100);
	if (own < 0)
		own = syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 3);
	if (own < 0)
		return errno;
	if (l->terminal >= 0)
		sys_close(l->terminal);
	l->terminal = (int)own;
	return 0;
}

/* The first terminal that a session's leader opens becomes its own (tty_ioctl(2), open(2)). */
static bool may_acquire(const struct lead *l, const struct action *x)
{
	return l->attr->flags & POSIX_SPAWN_SETSID && !l->acquire && x->tag == ACTION_OPEN &&
	       !(x->is.open.flags & O_NOCTTY);
}

int lead_action(struct lead *l, const struct action *x)
{
	int err;

	if (x->tag == ACTION_TCSETPGRP && !l->attr->pgroup) {
		err = keep(l, x->is.fd);
		l->foreground |= !err;
		return err;
	}
	err = action_run(x, l->attr->pgroup);
	if (!err && may_acquire(l, x))
		l->acquire = !keep(l, x->is.open.fd);
	return err;
}

int lead_run(struct lead *l)
{
	int err = attr_lead(l->attr);
	pid_t group;

	if (err || l->terminal < 0)
		return err;
	if (l->acquire)
		syscall(SYS_ioctl, l->terminal, TIOCSCTTY, 0); /* open(2) tells of no failure either */
	group = (pid_t)syscall(SYS_getpgid, 0);
	if (l->foreground && syscall(SYS_ioctl, l->terminal, TIOCSPGRP, &group))
		err = errno;
	sys_close(l->terminal);
	return err;
}

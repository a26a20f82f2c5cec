#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/descriptors.h"
#include "shim/lead.h"
#include "shim/sys.h"

#define LEADS (POSIX_SPAWN_SETSID | POSIX_SPAWN_SETPGROUP)

/* One more for the same, from `from` on, also where all are in use. -1 and errno. */
static int duplicate(int fd, int from)
{
	struct rlimit limit;
	int own = (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, from);

	if (own < 0 && (errno == EMFILE || errno == EINVAL) && sys_raise_files(&limit)) {
		own = (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, from);
		sys_lower_files(&limit);
	}
	return own;
}

/* A descriptor of our own for it, which the exec closes. Returns 0 or an errno. */
static int keep(struct lead *l, int fd)
{
	struct winsize size;
	int own;

	if (syscall(SYS_ioctl, fd, TIOCGWINSZ, &size))
		return errno;
	own = duplicate(fd, 3);
	if (own < 0)
		return errno;
	if (l->terminal >= 0)
		sys_close(l->terminal);
	l->terminal = own;
	return 0;
}

/* To the action that comes our descriptor is not there. */
static int make_way(struct lead *l, const struct action *x)
{
	bool dup = x->tag == ACTION_DUP;
	int first = dup ? x->is.dup.fd : x->tag == ACTION_OPEN ? x->is.open.fd : x->is.fd;
	int own;

	if (l->terminal < 0 || x->tag == ACTION_CHDIR || x->tag == ACTION_CLOSEFROM ||
	    (first != l->terminal && !(dup && x->is.dup.to == l->terminal)))
		return 0;
	own = duplicate(l->terminal, l->terminal + 1);
	if (own >= 0 && dup && (own == x->is.dup.fd || own == x->is.dup.to))
		own = duplicate(l->terminal, own + 1);
	if (own < 0)
		return errno;
	sys_close(l->terminal);
	l->terminal = own;
	return 0;
}

/* The first terminal that a session's leader opens becomes its own (tty_ioctl(2), open(2)). */
static bool may_acquire(const struct lead *l, const struct action *x)
{
	return l->attr->flags & POSIX_SPAWN_SETSID && !l->acquire && x->tag == ACTION_OPEN &&
	       !(x->is.open.flags & O_NOCTTY);
}

/* The terminal of a session that is not there yet, and not of that which is left. */
static bool is_session_terminal(const struct lead *l, const struct action *x)
{
	return l->attr->flags & POSIX_SPAWN_SETSID && x->tag == ACTION_OPEN &&
	       !strcmp(x->is.open.path, "/dev/tty");
}

static int open_session_terminal(struct lead *l, int fd)
{
	struct action dup = { .tag = ACTION_DUP };

	if (!l->acquire)
		return ENXIO; /* as open(2) of who has none */
	dup.is.dup.fd = l->terminal;
	dup.is.dup.to = fd;
	return action_run(&dup, 0);
}

int lead_action(struct lead *l, const struct action *x)
{
	int err = make_way(l, x);

	if (err)
		return err;
	/* Of a group that is led only later; the one it is in now has no number inside. */
	if (x->tag == ACTION_TCSETPGRP && l->attr->flags & LEADS && !l->attr->pgroup) {
		err = keep(l, x->is.fd);
		l->foreground |= !err;
		return err;
	}
	if (is_session_terminal(l, x))
		return open_session_terminal(l, x->is.open.fd);
	if (x->tag == ACTION_CLOSEFROM)
		return descriptors_close(x->is.fd, l->terminal);
	err = action_run(x, l->attr->pgroup);
	if (!err && may_acquire(l, x))
		l->acquire = !keep(l, x->is.open.fd);
	return err;
}

int lead_run(struct lead *l)
{
	pid_t group;
	int err;

	/* By new_session it leads a session already, which is to have no terminal. */
	if (l->done || syscall(SYS_getsid, 0) == syscall(SYS_getpid))
		return 0;
	err = attr_lead(l->attr);
	if (err)
		return err;
	l->done = true;
	if (l->acquire)
		syscall(SYS_ioctl, l->terminal, TIOCSCTTY,
			0); /* open(2) tells of no failure either */
	group = (pid_t)syscall(SYS_getpgid, 0);
	return l->foreground && syscall(SYS_ioctl, l->terminal, TIOCSPGRP, &group) ? errno : 0;
}

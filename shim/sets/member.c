#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "shim/helper.h"
#include "shim/process.h"
#include "shim/sets/sets.h"
#include "shim/step.h"
#include "shim/sys.h"

/*
 * A member asks the holder nothing: that a connection is there says that somebody listens, the
 * kernel says who, and his namespaces are joined by one call, all or none. The holder finds the
 * connection when it comes to it. What it has queued it has not missed: it ends only when its
 * queue is closed and empty (shim/sets/holder.c).
 */

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77 /* Linux 6.5 */
#endif

enum joined { JOINED, NOBODY, FAILED };

enum { PATIENCE = 60, MAKE_MOST = 16, NAP = 200000 /* ns; at first */, NAP_MOST = 10000000 };

struct search {
	struct entry *e;
	const struct step *step;
	struct sockaddr_un at;
	struct timespec until;
	long nap;
};

static enum joined failed(struct fault *f, const char *op, const char *path, int err)
{
	fault_set(f, op, NS_KINDS, path, err);
	return FAILED;
}

static void nap(struct search *s)
{
	struct timespec t = { .tv_nsec = s->nap };

	syscall(SYS_nanosleep, &t, NULL);
	s->nap = 2 * s->nap < NAP_MOST ? 2 * s->nap : NAP_MOST;
}

/* Sets the end with the first call, so that who waits for nobody asks no clock. */
static bool is_late(struct search *s)
{
	struct timespec now;

	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
	if (!s->until.tv_sec)
		s->until.tv_sec = now.tv_sec + PATIENCE;
	return now.tv_sec >= s->until.tv_sec;
}

/* The connection of this process, which makes it a member until it ends; or the reason why not. */
static enum joined visit(struct search *s, struct fault *f)
{
	int fd = (int)syscall(SYS_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return failed(f, "socket", NULL, errno);
	s->e->member = fd;
	while (syscall(SYS_connect, fd, &s->at, sizeof s->at)) {
		/* EAGAIN: thousands have come, and the holder has had no time for them. */
		if (errno == EAGAIN && !is_late(s)) {
			nap(s);
			continue;
		}
		if (errno == ENOENT || errno == ECONNREFUSED)
			return NOBODY;
		return failed(f, "connect", s->at.sun_path, errno == EAGAIN ? ETIMEDOUT : errno);
	}
	return JOINED;
}

/* Has whoever listened gone? What was queued with him is then at its end. */
static bool hung_up(int fd)
{
	char byte;

	return syscall(SYS_recvfrom, fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT, NULL, NULL) >= 0 ||
	       errno != EAGAIN;
}

/* A descriptor of the process that listens; -1 and errno. */
static int holder_of(int fd, pid_t pid)
{
	int holder = -1;
	socklen_t size = sizeof holder;

	if (!syscall(SYS_getsockopt, fd, SOL_SOCKET, SO_PEERPIDFD, &holder, &size))
		return holder;
	if (errno != ENOPROTOOPT)
		return -1;
	/* As long as the connection is there so is he, and his number is nobody else's. */
	holder = sys_pidfd_open(pid);
	if (holder >= 0 && hung_up(fd)) {
		sys_close(holder);
		holder = -1;
		errno = ESRCH;
	}
	return holder;
}

/* To be there already is what was asked: setns(2) refuses one's own user namespace. */
static bool is_inside(const struct step *s, pid_t pid)
{
	char path[PROCESS_PATH];
	struct stat his;

	for (enum ns_kind k = 0; k < NS_KINDS; k++)
		if (s->flags & ns_table[k].flag &&
		    (stat(process_path(pid, "/ns/", ns_table[k].name, path), &his) ||
		     !sys_is_own_ns(k, &his)))
			return false;
	return true;
}

static enum joined join(struct search *s, struct fault *f)
{
	const struct step *step = s->step;
	struct entry *e = s->e;
	struct ucred peer = { 0 };
	socklen_t size = sizeof peer;
	int fd = e->member;
	int holder, err;

	if (syscall(SYS_getsockopt, fd, SOL_SOCKET, SO_PEERCRED, &peer, &size))
		return failed(f, "getsockopt", s->at.sun_path, errno);
	if (peer.uid != geteuid()) {
		failed(f, "connect", s->at.sun_path, EPERM);
		fault_why(f, "another user listens there");
		return FAILED;
	}
	holder = holder_of(fd, peer.pid);
	/* EINVAL: he has been waited for (Linux before 6.16). */
	if (holder < 0)
		return errno == ESRCH || errno == EINVAL
			       ? NOBODY
			       : failed(f, "pidfd_open", s->at.sun_path, errno);
	err = sys_setns(holder, step->flags) ? errno : 0;
	sys_close(holder);
	if (!err) {
		e->left |= step->flags;
		return JOINED;
	}
	if (err == ESRCH)
		return NOBODY;
	if (is_inside(step, peer.pid))
		return JOINED;
	failed(f, "setns", s->at.sun_path, err);
	if (err == EINVAL)
		fault_why(f, "shared sets need Linux 5.8, or later for a kind that is newer");
	return FAILED;
}

static enum joined join_set(struct search *s, struct fault *f)
{
	enum joined r = visit(s, f);

	if (r == JOINED)
		r = join(s, f);
	if (r != JOINED && s->e->member >= 0) {
		sys_close(s->e->member);
		s->e->member = -1;
	}
	return r;
}

/*
 * Nobody holds the set, and this process has its lock: whose socket is still there has ended. The
 * new holder waits for its maker's connection, until the maker lets it go.
 */
static enum joined make(struct search *s, struct fault *f)
{
	struct helper *h = helper_open();
	char *argv[SETS_ARGS + 1];
	enum joined r;

	if (!h)
		return failed(f, "socketpair", NULL, errno);
	sets_arguments(argv, "--hold", h->number, s->e->home, s->e->plan->rule, s->step->path);
	syscall(SYS_unlinkat, AT_FDCWD, s->at.sun_path, 0);
	if (helper_start(h, s->e->home->image, argv, NULL, f) || helper_ask(h, f)) {
		/* Another has made it after all; or this one was killed before it could answer. */
		r = f->err == EEXIST || f->err == EPROTO ? NOBODY : FAILED;
	} else {
		helper_wait(h); /* a time namespace wants our memory to be ours alone */
		r = join_set(s, f);
		if (r == NOBODY)
			failed(f, "connect", s->at.sun_path, ESRCH);
	}
	helper_end(h);
	return r;
}

/* Of those that find nobody one makes the set, while the others look again and again. */
static enum joined make_or_wait(struct search *s, struct fault *f)
{
	enum joined r = NOBODY;
	int lock = sets_open_lock(&s->at);
	int made = 0; /* and ended at once: whoever ends them will go on */

	if (lock < 0)
		return failed(f, "open", s->at.sun_path, errno);
	while (r == NOBODY && made < MAKE_MOST && !is_late(s)) {
		bool locked = !sets_lock(lock, s->step->path);

		if (!locked && errno != EAGAIN && errno != EACCES) {
			r = failed(f, "fcntl", s->at.sun_path, errno);
			break;
		}
		r = join_set(s, f);
		if (r == NOBODY && locked && ++made)
			r = make(s, f);
		else if (r == NOBODY)
			nap(s);
	}
	sys_close(lock);
	if (r == NOBODY && made < MAKE_MOST)
		return failed(f, "connect", s->at.sun_path, ETIMEDOUT);
	return r == JOINED ? JOINED : FAILED;
}

int step_share(struct entry *e, const struct step *step, struct fault *f)
{
	struct search s = { .e = e, .step = step, .nap = NAP };
	enum joined r;

	if (sets_address(&s.at, e->home->place, step->path, f))
		return -1;
	r = join_set(&s, f);
	if (r == NOBODY)
		r = make_or_wait(&s, f);
	return r == JOINED ? 0 : -1;
}

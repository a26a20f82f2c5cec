#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "shim/sets/crowd.h"
#include "shim/sys.h"

/*
 * Members do not wait for this process (shim/sets/member.c), and it shall not take the processor from
 * them: after it has let some in it leaves the others in the queue for a while. Most have executed
 * by then, and many have ended.
 *
 * A member is first a connection, which its exec or its end closes, and from then on a process.
 * What it is travels in the event itself, so that a thousand members are no memory here.
 */
enum what { LISTENER, FOUNDER, SIGNALS, TREE, CONNECTION, PROCESS };

enum { NO_PROCESS = 0xffffff, EVENTS = 64, LOOK_AGAIN = 250 /* ms */, REST = 50 /* ms */ };

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

static uint64_t tag(enum what what, int fd, int process)
{
	return (uint64_t)what << 48 | (uint64_t)fd << 24 | ((unsigned)process & NO_PROCESS);
}

static int watch(const struct crowd *c, enum what what, int fd, int process)
{
	struct epoll_event e = { .events = EPOLLIN, .data.u64 = tag(what, fd, process) };

	return fd < 0 ? 0 : epoll_ctl(c->epoll, EPOLL_CTL_ADD, fd, &e);
}

int crowd_start(struct crowd *c)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGHUP);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	clock_gettime(CLOCK_MONOTONIC, &c->born);
	c->members = 0;
	c->rests = false;
	c->epoll = epoll_create1(EPOLL_CLOEXEC);
	c->signals = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
	if (c->epoll < 0 || c->signals < 0 || watch(c, LISTENER, c->listener, -1) ||
	    watch(c, FOUNDER, c->founder, -1) || watch(c, SIGNALS, c->signals, -1) ||
	    watch(c, TREE, c->tree, -1))
		return -1;
	return 0;
}

/* Whoever connected, also where it has ended since: then there is no such process. */
static int process_of(int fd)
{
	int process = -1;
	socklen_t size = sizeof process;
	struct ucred peer;

	if (!getsockopt(fd, SOL_SOCKET, SO_PEERPIDFD, &process, &size))
		return process;
	size = sizeof peer;
	/* Linux before 6.5. */
	if (errno == ENOPROTOOPT && !getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size))
		return sys_pidfd_open(peer.pid);
	return -1;
}

/* Milliseconds from now on; 0: it is over. */
static int until(const struct timespec *t)
{
	struct timespec now;
	long long left;

	clock_gettime(CLOCK_MONOTONIC, &now);
	left = (t->tv_sec - (long long)now.tv_sec) * 1000 + (t->tv_nsec - now.tv_nsec) / 1000000;
	if (left <= 0)
		return 0;
	return left < 1000000 ? (int)left + 1 : 1000000;
}

static void rest(struct crowd *c)
{
	epoll_ctl(c->epoll, EPOLL_CTL_DEL, c->listener, NULL);
	c->rests = true;
	clock_gettime(CLOCK_MONOTONIC, &c->rested);
	c->rested.tv_nsec += REST * 1000000;
	if (c->rested.tv_nsec >= 1000000000) {
		c->rested.tv_nsec -= 1000000000;
		c->rested.tv_sec++;
	}
}

static void let_in(struct crowd *c)
{
	int fd;

	while ((fd = accept4(c->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
		/* In a pid namespace the members are those who live in it, and not their parents,
		   which connect for them. */
		watch(c, CONNECTION, fd, c->init ? -1 : process_of(fd));
		c->members++;
	}
}

static void leave(struct crowd *c, int fd)
{
	close(fd);
	c->members--;
}

/* Does /proc show the pid namespace of which this is the init? */
static bool sees_inside(const struct crowd *c)
{
	char self[2];

	return c->init && readlink("/proc/self", self, sizeof self) == 1 && self[0] == '1';
}

/* Whoever is in a pid namespace is seen there; else those are known that came, and have not gone. */
static unsigned count(const struct crowd *c)
{
	DIR *proc = sees_inside(c) ? opendir("/proc") : NULL;
	unsigned n = 0;

	if (!proc)
		return c->members;
	for (struct dirent *d; (d = readdir(proc));)
		n += d->d_name[0] >= '1' && d->d_name[0] <= '9';
	closedir(proc);
	return n ? n - 1 : 0;
}

static void answer(const struct crowd *c, int fd)
{
	struct timespec now;
	char text[512];
	int n;

	clock_gettime(CLOCK_MONOTONIC, &now);
	n = snprintf(text, sizeof text, "%s\t%u\t%lld\t%u\n", c->title, count(c),
		     (long long)(now.tv_sec - c->born.tv_sec), c->pid);
	send(fd, text, (size_t)n, MSG_NOSIGNAL);
}

/* True: the set shall end. */
static bool hear(struct crowd *c, int fd, int process)
{
	char request;
	ssize_t n = recv(fd, &request, 1, 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	/* No request: its connection has ended with an exec, or it has. */
	if (n <= 0 && process != NO_PROCESS) {
		watch(c, PROCESS, process, -1);
		close(fd);
		return false;
	}
	if (process != NO_PROCESS)
		close(process);
	c->members--;
	if (n > 0)
		answer(c, fd);
	c->members++;
	leave(c, fd);
	return n > 0 && request == CROWD_DROP;
}

static void forget(int *fd)
{
	close(*fd);
	*fd = -1;
}

/* True: the set shall end. */
static bool take(struct crowd *c, const struct epoll_event *e)
{
	int fd = (int)(e->data.u64 >> 24 & NO_PROCESS);

	switch ((enum what)(e->data.u64 >> 48)) {
	case LISTENER:
		let_in(c);
		rest(c);
		return false;
	case FOUNDER:
		forget(&c->founder);
		return false;
	case TREE:
		forget(&c->tree);
		return false;
	case CONNECTION:
		return hear(c, fd, (int)(e->data.u64 & NO_PROCESS));
	case PROCESS:
		leave(c, fd);
		return false;
	case SIGNALS:
		return true;
	}
	return false;
}

/* Is anybody in the pid namespace of which this is the init? */
static bool is_inhabited(const struct crowd *c)
{
	return c->init && !kill(-1, 0);
}

/* Milliseconds until somebody has to look again; -1: when something happens; 0: nobody is there. */
static int patience(const struct crowd *c, struct timespec *empty)
{
	struct timespec end;

	if (c->founder >= 0 || c->tree >= 0 || c->members) {
		empty->tv_sec = 0;
		return -1;
	}
	if (is_inhabited(c)) {
		empty->tv_sec = 0;
		return LOOK_AGAIN; /* their parents are told of their end, and no init */
	}
	if (!c->keep)
		return 0;
	if (!empty->tv_sec)
		clock_gettime(CLOCK_MONOTONIC, empty);
	end = *empty;
	end.tv_sec += c->keep;
	return until(&end);
}

/* How long until something has to be done, other than what events tell; 0: nobody is there. */
static int next_look(struct crowd *c, struct timespec *empty)
{
	int wait = patience(c, empty);
	int rest;

	if (!wait && c->rests) {
		let_in(c);
		wait = patience(c, empty);
	}
	if (!wait || !c->rests)
		return wait;
	rest = until(&c->rested);
	if (!rest) {
		c->rests = false;
		watch(c, LISTENER, c->listener, -1);
		return wait;
	}
	return wait < 0 || rest < wait ? rest : wait;
}

enum crowd_end crowd_wait(struct crowd *c)
{
	struct timespec empty = { 0 };
	struct epoll_event event[EVENTS];
	int wait;

	while ((wait = next_look(c, &empty))) {
		int n = epoll_wait(c->epoll, event, EVENTS, wait);

		for (int i = 0; i < n; i++)
			if (take(c, &event[i]))
				return CROWD_DROPPED;
	}
	return CROWD_GONE;
}

/*
 * A connection is refused from the shutdown on, and what was queued before is still there to be
 * accepted: so who was let in is a member, and who is no member was not let in.
 */
bool crowd_shut(struct crowd *c)
{
	shutdown(c->listener, SHUT_RDWR);
	let_in(c);
	close(c->listener);
	c->listener = -1;
	return !c->members;
}

int crowd_reopen(struct crowd *c, int listener)
{
	c->listener = listener;
	c->rests = false;
	return watch(c, LISTENER, listener, -1);
}

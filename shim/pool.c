#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "shim/enter.h"
#include "shim/pool.h"
#include "shim/post.h"
#include "shim/reread.h"
#include "shim/resolve.h"
#include "shim/sets.h"
#include "shim/sys.h"
#include "shim/token.h"

/*
 * Each set is a process that does nothing. When it is ready a token for it goes into the fifo; who
 * has taken the token and joined kills it. Tokens are taken in the order in which
 * they were written, so how many are left tells which sets have been taken.
 */

enum {
	MOST = 1024,
	STACK = 64 << 10,
	LATE = 2,
	LOOK_AGAIN = 1000 /* ms */,
	REST = 3000000 /* ns */,
	FAILURES = 3
};

/* One that is ready, or has been taken by who has not yet joined it. */
struct ahead {
	pid_t pid;
	int pidfd;
	unsigned long long number; /* of its token, from 1 on */
	time_t taken;		   /* seconds; 0: not yet */
	char *stack;
};

struct pool {
	struct post post;
	const char *profile, *place;
	unsigned wanted;
	struct rule rule; /* of what is made ahead, */
	struct ns_spec ns[NS_KINDS];
	struct creds creds;
	int tree, fifo, signals;
	int ready[2]; /* a byte of the one that is */
	pid_t pid;
	char self[PATH_MAX];
	struct ahead ahead[MOST];
	unsigned count;
	unsigned failures; /* in a row */
	unsigned long long tokens;
};

/* The kinds that mean the same wherever and whenever they were made. */
static void take_kinds(struct pool *p, const struct rule *rule)
{
	int kinds = plan_takes(rule, &p->creds);

	p->rule = *rule;
	p->rule.pool = 0;
	p->rule.ns = p->ns;
	p->rule.kinds = 0;
	for (enum ns_kind k = 0; k < NS_KINDS; k++)
		if (kinds & ns_table[k].flag)
			p->ns[p->rule.kinds++] = (struct ns_spec){ .kind = k, .mode = NS_NEW };
}

static int read_rule(struct pool *p, const char *name, struct fault *f)
{
	struct profile *whole;
	const struct rule *rule = reread(p->profile, name, &whole, f);
	char own[SETS_NAME];

	enter_creds(&p->creds);
	if (!rule)
		return -1;
	if (!rule->pool || sets_name(own, rule, &p->creds, p->place, f) ||
	    strcmp(own, p->post.name) != 0)
		return fault_set(f, "pool", NS_KINDS, name, EAGAIN);
	p->wanted = rule->pool;
	take_kinds(p, rule);
	return 0;
}

/* In memory that is the pool's too, which waits meanwhile: only until it is ready is errno used. */
static int be_set(void *arg)
{
	struct pool *p = arg;
	struct home home = { p->self, "", p->profile, p->place };
	struct plan plan;
	struct entry e;
	struct fault f;

	plan_build(&plan, &p->rule, &p->creds, PLAN_HOLD);
	if (enter(&e, &plan, &home, -1, &f))
		return 1;
	entry_close(&e);
	if (!(plan.leaves & CLONE_NEWUSER))
		sys_drop_capabilities();
	/* Who takes it must be allowed to trace it (setns(2)). */
	prctl(PR_SET_DUMPABLE, 1);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != p->pid ||
	    write(p->ready[1], "", 1) != 1)
		return 1;
	close_range(0, ~0u, 0);
	for (;;)
		pause();
}

/* False: it has ended instead, or the wrapped program has. */
static bool wait_for(const struct pool *p, int pidfd)
{
	struct pollfd fd[] = {
		{ p->ready[0], POLLIN, 0 },
		{ pidfd, POLLIN, 0 },
		{ p->tree, POLLIN, 0 },
	};
	char byte;

	while (poll(fd, 3, -1) < 0 && errno == EINTR)
		;
	return read(p->ready[0], &byte, 1) == 1;
}

static bool put_token(struct pool *p, struct ahead *a)
{
	struct token t = { .pid = a->pid };
	struct stat st;

	if (fstat(a->pidfd, &st))
		return false;
	t.inode = st.st_ino;
	if (write(p->fifo, &t, sizeof t) != (ssize_t)sizeof t)
		return false;
	a->number = ++p->tokens;
	return true;
}

/* One, as cheap as they come: its memory is not copied. */
static void make(struct pool *p)
{
	struct ahead *a = &p->ahead[p->count];
	int flags = CLONE_VM | CLONE_PIDFD | SIGCHLD;

	if (!a->stack)
		a->stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	a->taken = 0;
	a->pid = a->stack == MAP_FAILED ? -1 : clone(be_set, a->stack + STACK, flags, p, &a->pidfd);
	if (a->pid < 0) {
		p->failures++;
		return;
	}
	p->count++;
	if (wait_for(p, a->pidfd) && put_token(p, a)) {
		p->failures = 0;
		return;
	}
	p->failures++;
	a->number = 1; /* of one that was taken */
	syscall(SYS_pidfd_send_signal, a->pidfd, SIGKILL, NULL, 0);
}

static struct ahead *find(struct pool *p, pid_t pid)
{
	for (unsigned i = 0; i < p->count; i++)
		if (p->ahead[i].pid == pid)
			return &p->ahead[i];
	return NULL;
}

/* Its place is the last one's, whose place and stack are free. */
static void forget(struct pool *p, struct ahead *a)
{
	struct ahead gone = *a;
	struct ahead *last = &p->ahead[--p->count];

	close(gone.pidfd);
	*a = *last;
	last->stack = gone.stack;
}

static void reap(struct pool *p)
{
	struct signalfd_siginfo info;
	struct ahead *a;
	pid_t pid;

	while (read(p->signals, &info, sizeof info) > 0)
		;
	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
		a = find(p, pid);
		if (a)
			forget(p, a);
	}
}

/*
 * How many are ready. Who has taken one and does not join it has ended, or stands
 * still: he will find nobody, and make his own.
 */
static unsigned count_ahead(struct pool *p)
{
	unsigned n = 0;
	int bytes = 0;
	unsigned long long taken;

	ioctl(p->fifo, FIONREAD, &bytes);
	taken = p->tokens - (unsigned)bytes / sizeof(struct token);
	for (unsigned i = 0; i < p->count; i++) {
		struct ahead *a = &p->ahead[i];

		if (a->number > taken) {
			n++;
			continue;
		}
		if (!a->taken)
			a->taken = time(NULL);
		else if (time(NULL) - a->taken > LATE)
			syscall(SYS_pidfd_send_signal, a->pidfd, SIGKILL, NULL, 0);
	}
	return n;
}

/*
 * Until the wrapped program ends. What cannot be made several times will not be tried for ever.
 * While more than half are ready there is time to make several at once, beside fewer starts.
 */
static void run(struct pool *p)
{
	struct pollfd fd[] = {
		{ p->tree, POLLIN, 0 },
		{ p->signals, POLLIN, 0 },
	};
	struct pollfd *tree = &fd[0];

	while (!tree->revents && p->failures < FAILURES) {
		if (count_ahead(p) > p->wanted / 2)
			nanosleep(&(struct timespec){ .tv_nsec = REST }, NULL);
		for (unsigned n = count_ahead(p); n < p->wanted && p->count < MOST; n++)
			make(p);
		if (poll(fd, 2, LOOK_AGAIN) < 0)
			break;
		reap(p);
	}
}

static int prepare(struct pool *p)
{
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_SETMASK, &child, NULL);
	p->signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	if (p->signals < 0 || pipe2(p->ready, O_CLOEXEC | O_NONBLOCK))
		return -1;
	p->fifo = post_fifo(&p->post);
	return p->fifo < 0 ? -1 : post_publish(&p->post);
}

/* Whoever reads a token that is left finds that its process has gone. */
static int child_main(struct pool *p)
{
	ssize_t n = readlink("/proc/self/exe", p->self, sizeof p->self - 1);

	p->self[n < 0 ? 0 : n] = '\0';
	p->pid = getpid();
	setsid();
	if (prepare(p)) {
		post_give_up(&p->post);
		return 1;
	}
	run(p);
	post_lock(&p->post);
	post_withdraw(&p->post);
	return 0;
}

int pool_main(char **arg)
{
	static struct pool p;
	struct tree tree;
	struct fault f;
	pid_t pid;

	close(post_leave_host(atoi(arg[0])));
	p.profile = arg[1];
	p.place = arg[3];
	p.post.name = arg[4];
	sets_tree(&tree, p.place);
	p.tree = post_find_tree(&tree);
	if (p.tree < 0 || post_open(&p.post, p.place, arg[4], &f) || read_rule(&p, arg[2], &f))
		return 1;
	pid = fork();
	if (!pid)
		_exit(child_main(&p));
	return pid < 0;
}

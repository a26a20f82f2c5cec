#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "shim/enter.h"
#include "shim/path.h"
#include "shim/sets/pool.h"
#include "shim/sets/post.h"
#include "shim/reread.h"
#include "shim/sets/sets.h"
#include "shim/sets/stock.h"

enum { LOOK_AGAIN = 1000 /* ms */, REST = 3000000 /* ns */, FAILURES = 3 };

struct pool {
	struct post post;
	unsigned wanted;
	struct stock stock;
	char self[PATH_MAX];
};

/* The kinds that mean the same wherever and whenever they were made. */
static void take_kinds(struct stock *s, const struct rule *rule)
{
	int kinds = aim_of(rule, &s->creds).ahead;

	s->rule = *rule;
	s->rule.pool = 0;
	s->rule.ns = s->ns;
	s->rule.kinds = 0;
	for (enum ns_kind k = 0; k < NS_KINDS; k++)
		if (kinds & ns_table[k].flag)
			s->ns[s->rule.kinds++] = (struct ns_spec){ .kind = k, .mode = NS_NEW };
}

static int read_rule(struct pool *p, const char *name, struct fault *f)
{
	struct profile *whole;
	const struct rule *rule = reread(p->stock.home.profile, name, &whole, f);
	char own[SETS_NAME];

	enter_creds(&p->stock.creds);
	if (!rule)
		return -1;
	if (!rule->pool || sets_name(own, rule, &p->stock.creds, p->stock.home.place, f) ||
	    strcmp(own, p->post.name) != 0)
		return fault_set(f, "pool", NS_KINDS, name, EAGAIN);
	p->wanted = rule->pool;
	take_kinds(&p->stock, rule);
	return 0;
}

/*
 * Until the wrapped program ends. What cannot be made several times will not be tried for ever.
 * While more than half are ready there is time to make several at once, beside fewer starts.
 */
static void run(struct pool *p)
{
	struct pollfd fd[] = {
		{ p->stock.tree, POLLIN, 0 },
		{ p->stock.signals, POLLIN, 0 },
	};
	struct pollfd *tree = &fd[0];

	while (!tree->revents && p->stock.failures < FAILURES) {
		if (stock_count(&p->stock) > p->wanted / 2)
			nanosleep(&(struct timespec){ .tv_nsec = REST }, NULL);
		for (unsigned n = stock_count(&p->stock);
		     n < p->wanted && p->stock.count < STOCK_MOST; n++)
			stock_make(&p->stock);
		if (poll(fd, 2, LOOK_AGAIN) < 0)
			break;
		stock_reap(&p->stock);
	}
}

static int prepare(struct pool *p)
{
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_SETMASK, &child, NULL);
	p->stock.signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	if (p->stock.signals < 0 || pipe2(p->stock.ready, O_CLOEXEC | O_NONBLOCK))
		return -1;
	p->stock.fifo = post_fifo(&p->post);
	return p->stock.fifo < 0 ? -1 : post_publish(&p->post);
}

/* Whoever reads a token that is left finds that its process has gone. */
static int child_main(struct pool *p)
{
	p->stock.home.image = path_self(p->self);
	p->stock.pid = getpid();
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

	close(post_leave_host(atoi(arg[SETS_SOCK])));
	p.stock.home.init = "";
	p.stock.home.profile = arg[SETS_PROFILE];
	p.stock.home.place = arg[SETS_PLACE];
	p.post.name = arg[SETS_SET];
	sets_tree(&tree, p.stock.home.place);
	p.stock.tree = post_find_tree(&tree);
	if (p.stock.tree < 0 || post_open(&p.post, p.stock.home.place, p.post.name, &f) ||
	    read_rule(&p, arg[SETS_RULE], &f))
		return 1;
	pid = fork();
	if (!pid)
		_exit(child_main(&p));
	return pid < 0;
}

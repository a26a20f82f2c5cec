#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "shim/sets/crowd.h"
#include "shim/enter.h"
#include "shim/sets/holder.h"
#include "shim/path.h"
#include "shim/sets/post.h"
#include "shim/reread.h"
#include "shim/resolve.h"
#include "shim/sets/sets.h"
#include "shim/step.h"
#include "shim/sys.h"

/*
 * Three processes. The image, which the maker waits for, binds a socket to a name that nobody looks
 * for, and gives it the set's name once the set is there. Its child leaves everything of the host's
 * behind and enters the rule; and where that makes a pid namespace, the child's child is the init
 * there. The last of them listens, since whoever joins takes the namespaces of the process that
 * does, and answers for the set until it ends.
 */

enum { QUEUE = 4096 };

struct holder {
	const char *profile, *rule, *place;
	int sock;  /* to the maker */
	int ready; /* to the image */
	struct post post;
	struct crowd crowd;
	char title[128];
};

static void answer(int sock, const struct fault *f)
{
	send(sock, f, sizeof *f, MSG_NOSIGNAL);
}

/* The rule as if it had no share, and the plan of it. *asked and *whole are part of that. */
static int plan(struct holder *h, struct plan *plan, struct asked *asked, struct fault *f)
{
	static struct rule own;
	struct profile *whole;
	const struct rule *rule = reread(h->profile, h->rule, &whole, f);
	struct creds creds;
	char name[SETS_NAME];

	enter_creds(&creds);
	if (!rule)
		return -1;
	if (!rule->share.name || sets_name(name, rule, &creds, h->place, f) ||
	    strcmp(name, h->post.name) != 0) {
		fault_set(f, "share", NS_KINDS, h->post.name, EAGAIN);
		fault_why(f, "the rule has changed in this moment, or the capabilities of the "
			     "program do not outlast an exec");
		return -1;
	}
	own = *rule;
	own.share.name = NULL;
	h->crowd.keep = rule->share.keep;
	h->crowd.pid = 0;
	if (!rule->share.by_user) {
		struct tree tree;

		sets_tree(&tree, h->place);
		h->crowd.pid = tree.pid;
		h->crowd.tree = post_find_tree(&tree);
	}
	rule = resolve(&own, &creds, h->place, asked, f);
	if (!rule)
		return -1;
	plan_build(plan, rule, &creds, PLAN_HOLD);
	return 0;
}

static void make_title(struct holder *h, int kinds)
{
	struct text t = text_in(h->title, sizeof h->title);
	const char *between = "\t";

	text_bytes(&t, h->post.name, strcspn(h->post.name, "@"));
	for (enum ns_kind k = 0; k < NS_KINDS; k++)
		if (kinds & ns_table[k].flag) {
			text_str(&t, between);
			text_str(&t, ns_table[k].name);
			between = ",";
		}
	h->crowd.title = h->title;
}

/* The first process of a pid namespace goes on as its init. */
static int become_init(struct holder *h, struct entry *e, struct fault *f)
{
	pid_t pid;

	h->crowd.init = e->plan->moves_pid;
	if (!h->crowd.init)
		return 0;
	pid = fork();
	if (pid > 0)
		_exit(0);
	if (pid < 0)
		return fault_set(f, "fork", NS_PID, NULL, errno);
	return enter_born(e, -1, f);
}

/*
 * Listens as the user that it was, whom the members know; then takes the ids that all take. Who
 * joins must be allowed to trace this process (setns(2)): that wants it dumpable, and where there
 * is no user namespace over which one has all capabilities, without more than he has.
 */
static int listen_inside(struct holder *h, struct entry *e, const struct creds *before,
			 struct fault *f)
{
	const struct step ids = { .op = STEP_IDS, .kind = NS_USER };

	if (listen(h->crowd.listener, QUEUE))
		return fault_set(f, "listen", NS_KINDS, h->post.name, errno);
	e->uid = before->uid;
	e->gid = before->gid;
	if (!(e->plan->leaves & CLONE_NEWUSER))
		sys_drop_capabilities();
	else if (step_ids(e, &ids, f))
		return -1;
	prctl(PR_SET_DUMPABLE, 1);
	entry_close(e);
	if (chdir("/"))
		return fault_set(f, "chdir", NS_KINDS, "/", errno);
	return 0;
}

static int enter_set(struct holder *h, struct fault *f)
{
	static char self[PATH_MAX];
	struct home home = { path_self(self), "", h->profile, h->place };
	static struct asked asked;
	struct creds before;
	struct plan p;
	struct entry e;

	enter_creds(&before);
	if (plan(h, &p, &asked, f) || enter(&e, &p, &home, -1, f) || become_init(h, &e, f) ||
	    listen_inside(h, &e, &before, f))
		return -1;
	make_title(h, p.leaves);
	return crowd_start(&h->crowd) ? fault_set(f, "epoll_create1", NS_KINDS, NULL, errno) : 0;
}

/* The members that came while it was closed have the set, so it opens again. */
static void reopen(struct holder *h)
{
	int fd = post_socket(&h->post);

	if (fd < 0 || listen(fd, QUEUE))
		return;
	unlinkat(h->post.dir, h->post.name, 0);
	if (!post_publish(&h->post))
		crowd_reopen(&h->crowd, fd);
}

static int hold(struct holder *h)
{
	for (;;) {
		enum crowd_end end = crowd_wait(&h->crowd);

		post_lock(&h->post);
		if (crowd_shut(&h->crowd) || end == CROWD_DROPPED)
			break;
		reopen(h);
		post_unlock(&h->post);
	}
	post_withdraw(&h->post);
	return 0;
}

static int child_main(struct holder *h)
{
	struct fault f = { 0 };
	char byte;

	setsid();
	if (enter_set(h, &f)) {
		answer(h->sock, &f);
		return 1;
	}
	/* Whoever has no name is found by nobody. */
	if (write(h->ready, "", 1) != 1 || read(h->ready, &byte, 1) != 1)
		return 1;
	close(h->ready);
	return hold(h);
}

/* The image: answers where its child does not. */
static int start(struct holder *h, struct fault *f)
{
	int ready[2];
	pid_t pid;
	char byte;

	if (post_open(&h->post, h->place, h->post.name, f))
		return -1;
	h->crowd.listener = post_socket(&h->post);
	if (h->crowd.listener < 0)
		return fault_set(f, "bind", NS_KINDS, h->post.name, errno);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ready))
		return fault_set(f, "socketpair", NS_KINDS, NULL, errno);
	pid = fork();
	if (pid < 0)
		return fault_set(f, "fork", NS_KINDS, NULL, errno);
	if (!pid) {
		close(ready[0]);
		h->ready = ready[1];
		_exit(child_main(h));
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1) {
		post_give_up(&h->post);
		_exit(1);
	}
	if (post_publish(&h->post))
		return fault_set(f, "link", NS_KINDS, h->post.name, errno);
	return write(ready[0], &byte, 1) == 1 ? 0 : fault_set(f, "write", NS_KINDS, NULL, errno);
}

int holder_main(char **arg)
{
	struct fault f = { 0 };
	struct holder h = {
		.sock = post_leave_host(atoi(arg[SETS_SOCK])),
		.profile = arg[SETS_PROFILE],
		.rule = arg[SETS_RULE],
		.place = arg[SETS_PLACE],
		.post = { .name = arg[SETS_SET] },
	};

	signal(SIGCHLD, SIG_IGN); /* what is left to an init is not waited for */
	h.crowd.founder = h.sock;
	h.crowd.tree = -1;
	if (start(&h, &f))
		post_give_up(&h.post);
	answer(h.sock, &f);
	return f.err != 0;
}

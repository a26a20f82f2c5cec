#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>

#include "shim/helper.h"
#include "shim/step.h"
#include "shim/sys.h"

/*
 * Before Linux 6.2 an exec leaves the process in the time namespace that it was in, and says
 * nothing (a process of its own memory and thread could move by step_time(); few doors have one).
 */
static int check_exec(const struct entry *e, struct fault *f)
{
	if (plan_has(e->plan, STEP_TIME) || sys_release(6, 2))
		return 0;
	fault_set(f, "unshare", NS_TIME, NULL, EINVAL);
	fault_why(f, "an exec moves no process into a time namespace before Linux 6.2: with when = "
		     "load the program moves by itself");
	return -1;
}

int step_unshare(struct entry *e, const struct step *s, struct fault *f)
{
	int flags = s->flags & ~e->taken;

	if (flags & ns_table[NS_TIME].flag && check_exec(e, f))
		return -1;
	if (!sys_unshare(flags)) {
		e->left |= flags;
		return 0;
	}
	/* Which of several it was the kernel does not say. */
	fault_set(f, "unshare", s->kind, NULL, errno);
	for (enum ns_kind k = 0; k < NS_KINDS && s->kind == NS_KINDS; k++)
		if (flags == ns_table[k].flag)
			fault_set(f, "unshare", k, NULL, f->err);
	return -1;
}

int step_map(struct entry *e, const struct step *s, struct fault *f)
{
	if (!entry_write(e, s->path, s->text))
		return 0;
	return fault_set(f, "write", NS_USER, s->path, errno);
}

/* Now, while its path leads there. */
int step_init(struct entry *e, const struct step *s, struct fault *f)
{
	e->init = sys_open(e->home->init, O_PATH);
	if (e->init < 0)
		return fault_set(f, "open", s->kind, e->home->init, errno);
	if (!sys_may_execute(e->init, "", AT_EMPTY_PATH))
		return 0;
	fault_set(f, "execve", s->kind, e->home->init, errno);
	fault_why(f, "the library's own file is executed as pid 1 of the namespace, so it must be "
		     "executable (chmod +x) and on a file system without noexec");
	return -1;
}

/*
 * Started before the user namespace is created: the writer has to stay in the one outside, and
 * ranges that are not ours are refused before anything is entered.
 */
int step_mapper(struct entry *e, const struct step *s, struct fault *f)
{
	static const char setgroups[][8] = { "default", "allow", "deny" };
	const struct rule *rule = e->plan->rule;
	struct helper *h = helper_open();
	char *const argv[] = {
		(char *)"nsshim",
		(char *)"--map",
		h ? h->number : NULL,
		(char *)rule_map_word(&rule->map[0]),
		(char *)rule_map_word(&rule->map[1]),
		(char *)setgroups[rule->setgroups],
		NULL,
	};

	(void)s;
	if (!h)
		return fault_set(f, "socketpair", NS_USER, NULL, errno);
	e->helper = h;
	if (!helper_start(h, e->home->image, argv, NULL, f) && !helper_ask(h, f))
		return 0;
	step_mapper_end(e);
	return -1;
}

int step_mapped(struct entry *e, const struct step *s, struct fault *f)
{
	int failed;

	(void)s;
	if (helper_go(e->helper))
		failed = fault_set(f, "send", NS_USER, NULL, errno);
	else
		failed = helper_ask(e->helper, f);
	step_mapper_end(e);
	return failed;
}

void step_mapper_end(struct entry *e)
{
	if (e->helper)
		helper_end(e->helper);
	e->helper = NULL;
}

/* unshare(CLONE_NEWTIME) moves children and, at an exec, the process; here no exec follows. */
int step_time(struct entry *e, const struct step *s, struct fault *f)
{
	const char *path = "/proc/self/ns/time_for_children";
	int fd = entry_open(e, path);
	int r;

	if (fd < 0)
		return fault_set(f, "open", s->kind, path, errno);
	r = sys_setns(fd, ns_table[NS_TIME].flag) ? errno : 0;
	sys_close(fd);
	return r ? fault_set(f, "setns", s->kind, path, r) : 0;
}

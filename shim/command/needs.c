#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "conf/powers.h"
#include "shim/caps.h"
#include "shim/command/needs.h"
#include "shim/command/trial.h"
#include "shim/mapper.h"
#include "shim/process.h"
#include "shim/sys.h"

/* Is the process in a user namespace that the plan enters, by that step? Then it has all of them. */
static bool is_inside(const struct plan *p, unsigned step)
{
	for (unsigned i = 0; i < step; i++) {
		enum step_op op = p->step[i].op;

		if (op == STEP_USER ||
		    ((op == STEP_JOIN || op == STEP_SHARE) && p->joins & CLONE_NEWUSER))
			return true;
	}
	return false;
}

static void want(struct needs *n, int cap)
{
	n->cap[n->caps++] = cap;
}

static void decide(struct needs *n, const struct plan *p, unsigned step)
{
	n->have = !n->caps ? NEEDS_NONE : is_inside(p, step) ? NEEDS_INSIDE : NEEDS_HERE;
	for (unsigned i = 0; i < n->caps && n->have == NEEDS_HERE; i++)
		if (!caps_have(n->cap[i]))
			n->have = NEEDS_MISSING;
}

static void help(struct needs *n, const char *note)
{
	n->have = NEEDS_HELP;
	snprintf(n->note, sizeof n->note, "%s", note);
}

/* What the entry would open is opened. */
static void look_at(struct needs *n, const char *path)
{
	int fd = sys_open(path, O_RDONLY);

	if (fd < 0) {
		n->have = NEEDS_MISSING;
		snprintf(n->note, sizeof n->note, "%s: %s", path, strerror(errno));
	}
	sys_close(fd);
}

static void look_at_process(struct needs *n, pid_t pid)
{
	char path[PROCESS_PATH];

	look_at(n, process_path(pid, "/ns/", "mnt", path));
}

static void look_at_user(struct needs *n)
{
	struct fault f;

	if (trial_user(&f)) {
		n->have = NEEDS_MISSING;
		snprintf(n->note, sizeof n->note, "%s: %s", strerror(f.err), f.why);
	}
}

static void look_at_maps(struct needs *n, const struct rule *rule)
{
	struct fault f;

	if (mapper_check(rule, &f)) {
		n->have = NEEDS_MISSING;
		snprintf(n->note, sizeof n->note, "%s", f.why);
	} else if (n->have == NEEDS_MISSING) {
		help(n, "newuidmap and newgidmap have it");
	}
}

static void of_join(struct needs *n, const struct plan *p, unsigned step)
{
	enum step_op op = p->step[step].op;

	want(n, CAP_SYS_ADMIN);
	if (p->joins & CLONE_NEWNS)
		want(n, CAP_SYS_CHROOT);
	decide(n, p, step);
	if (n->have != NEEDS_MISSING || !(p->joins & CLONE_NEWUSER))
		return;
	if (op == STEP_TRY)
		help(n, "what is refused is tried again in the user namespace that is joined");
	else
		help(n, "who made that user namespace, or is root in it, may join it");
}

static void of_mapper(struct needs *n, const struct plan *p)
{
	want(n, CAP_SETUID);
	want(n, CAP_SETGID);
	/* It is a process outside. */
	decide(n, p, 0);
	look_at_maps(n, p->rule);
}

void needs_step(struct needs *n, const struct plan *p, unsigned step)
{
	const struct step *s = &p->step[step];

	*n = (struct needs){ .have = NEEDS_NONE };
	switch (s->op) {
	case STEP_OPEN:
		look_at(n, s->path);
		return;
	case STEP_PIDFD:
		look_at_process(n, s->pid);
		return;
	case STEP_USER:
		look_at_user(n);
		return;
	case STEP_TRY:
	case STEP_JOIN:
	case STEP_SHARE:
		of_join(n, p, step);
		return;
	case STEP_MAPPER:
		of_mapper(n, p);
		return;
	case STEP_CREATE:
	case STEP_TIME:
	case STEP_PRIVATE:
	case STEP_PROC:
	case STEP_ROOT:
	case STEP_NETNS:
		want(n, CAP_SYS_ADMIN);
		break;
	case STEP_LOOPBACK:
		want(n, CAP_NET_ADMIN);
		break;
	case STEP_IDS:
		want(n, CAP_SETUID);
		want(n, CAP_SETGID);
		break;
	case STEP_TAKE:
		if (s->dir == DIR_ROOT)
			want(n, CAP_SYS_CHROOT);
		break;
	default:
		break;
	}
	decide(n, p, step);
}

static bool lowers_oom(const struct item *it)
{
	char now[16];

	return sys_read_file("/proc/self/oom_score_adj", now, sizeof now) > 0 &&
	       it->number[0] < atoi(now);
}

static bool raises_limit(const struct item *it)
{
	struct rlimit now;

	return !getrlimit((int)it->flags, &now) && (rlim_t)it->number[1] > now.rlim_max;
}

/* The capability, or -1. What a later version adds to names and files needs the usual one. */
static int cap_of(const struct item *it)
{
	switch (it->op) {
	case ITEM_SYSCTL:
		return it->implies == NS_NET ? CAP_NET_ADMIN : -1;
	case ITEM_MONOTONIC:
	case ITEM_BOOTTIME:
		return CAP_SYS_TIME;
	case ITEM_OOM:
		return lowers_oom(it) ? CAP_SYS_RESOURCE : -1;
	case ITEM_NICE:
		return it->number[0] < getpriority(PRIO_PROCESS, 0) ? CAP_SYS_NICE : -1;
	case ITEM_IOPRIO:
		return it->text[0] == 'r' ? CAP_SYS_NICE : -1;
	case ITEM_RLIMIT:
		return raises_limit(it) ? CAP_SYS_RESOURCE : -1;
	case ITEM_GROUPS:
	case ITEM_GID:
		return CAP_SETGID;
	case ITEM_UID:
		return CAP_SETUID;
	case ITEM_CAPS:
		return it->flags == CAPS_KEEP ? -1 : CAP_SETPCAP;
	case ITEM_SECUREBITS:
		return CAP_SETPCAP;
	default:
		break;
	}
	switch (item_row[it->op].phase) {
	case PHASE_NAMES:
		return it->implies == NS_NET ? CAP_NET_ADMIN : CAP_SYS_ADMIN;
	case PHASE_FILES:
		return CAP_SYS_ADMIN;
	default:
		return -1;
	}
}

void needs_item(struct needs *n, const struct plan *p, unsigned step, const struct item *it)
{
	int cap = cap_of(it);
	bool host = item_row[it->op].phase == PHASE_HOST;

	*n = (struct needs){ .have = NEEDS_NONE };
	if (cap >= 0)
		want(n, cap);
	decide(n, p, step);
	/* What a limit or a priority needs counts in the first user namespace of all. */
	if (n->have == NEEDS_INSIDE &&
	    (host || item_row[it->op].phase == PHASE_LIFE || it->op == ITEM_RLIMIT))
		decide(n, p, 0);
	if (n->have != NEEDS_MISSING)
		return;
	if ((it->op == ITEM_UID && it->number[0] == geteuid()) ||
	    (it->op == ITEM_GID && it->number[0] == getegid()))
		help(n, "it is one's own");
}

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/process.h"
#include "shim/step.h"
#include "shim/sys.h"

static const struct ns_spec *spec_of(const struct entry *e, enum ns_kind k)
{
	const struct rule *rule = e->plan->rule;

	for (unsigned i = 0; i < rule->kinds; i++)
		if (rule->ns[i].kind == k)
			return &rule->ns[i];
	return NULL;
}

static int fault_of(struct fault *f, const struct entry *e, const char *op, enum ns_kind k)
{
	const struct ns_spec *n = spec_of(e, k);
	int err = errno == ESRCH ? ENOENT
				 : errno; /* a process that is not there is a path that is not */

	return fault_set(f, op, k, n ? n->path : NULL, err);
}

int step_open(struct entry *e, const struct step *s, struct fault *f)
{
	const struct ns_spec *n = spec_of(e, s->kind);
	int fd = sys_open(s->path, O_RDONLY | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return fault_of(f, e, "open", s->kind);
	if (n->mode == NS_OWNER) {
		e->file[s->kind] = ioctl(fd, NS_GET_USERNS);
		if (e->file[s->kind] < 0)
			fault_of(f, e, "ioctl", s->kind);
		sys_close(fd);
		return e->file[s->kind] < 0 ? -1 : 0;
	}
	e->file[s->kind] = fd;
	/* Root takes a name below /run/netns only from root. */
	return n->mode == NS_NETNS ? sys_check_trust(fd, s->path, f) : 0;
}

/*
 * For kernels that cannot join by a pidfd (setns(2): before Linux 5.8) and descriptors that are
 * none: the files are opened below one descriptor of /proc/PID, which stays that process's whatever
 * becomes of its number.
 */
static int open_below_proc(struct entry *e, pid_t pid, int pidfd, struct fault *f)
{
	char path[PROCESS_PATH];
	int dir = sys_open(process_path(pid, "/ns", "", path), O_RDONLY | O_DIRECTORY);

	if (dir < 0)
		return fault_set(f, "open", NS_KINDS, path, errno);
	/* As long as the process of the pidfd is there, its number is nobody else's. */
	if (pidfd >= 0 && syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0)) {
		fault_set(f, "pidfd_send_signal", NS_KINDS, path, errno);
		sys_close(dir);
		return -1;
	}
	for (enum ns_kind k = 0; k < NS_KINDS; k++) {
		const struct ns_spec *n = spec_of(e, k);

		if (!n || n->mode != NS_PIDOF || n->pid != pid)
			continue;
		e->pidfds &= ~ns_table[k].flag;
		e->file[k] = (int)syscall(SYS_openat, dir, ns_table[k].name, O_RDONLY | O_CLOEXEC);
		if (e->file[k] < 0) {
			fault_of(f, e, "open", k);
			sys_close(dir);
			return -1;
		}
	}
	sys_close(dir);
	if (pidfd >= 0)
		sys_close(pidfd);
	return 0;
}

int step_pidfd(struct entry *e, const struct step *s, struct fault *f)
{
	int fd = sys_pidfd_open(s->pid);

	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		return open_below_proc(e, s->pid, -1, f);
	if (fd < 0)
		return fault_of(f, e, "pidfd_open", s->kind);
	for (enum ns_kind k = 0; k < NS_KINDS; k++) {
		const struct ns_spec *n = spec_of(e, k);

		if (n && n->mode == NS_PIDOF && n->pid == s->pid) {
			e->file[k] = fd;
			e->pidfds |= ns_table[k].flag;
		}
	}
	return 0;
}

/*
 * Whoever has CAP_SYS_PTRACE in the user namespace could attach to this process from the moment
 * it has joined, while it still holds what it brought along (CVE-2016-9962). A process that is
 * not dumpable belongs, for that question, to the user namespace of its memory: the one outside
 * (ptrace(2), PTRACE_MODE checks). The exec of the target ends it; no process that shares its
 * memory with the host comes here (enter_needs_fresh_image).
 */
int step_hide(struct entry *e, const struct step *s, struct fault *f)
{
	(void)s;
	e->dumpable = prctl(PR_GET_DUMPABLE);
	if (prctl(PR_SET_DUMPABLE, 0))
		return fault_set(f, "prctl", NS_USER, "PR_SET_DUMPABLE", errno);
	return 0;
}

/* The kinds that the descriptor of kind k joins in one call, user excepted. */
static int group_of(const struct entry *e, enum ns_kind k)
{
	int flags = 0;

	if (!(e->pidfds & ns_table[k].flag))
		return ns_table[k].flag;
	for (enum ns_kind j = 0; j < NS_KINDS; j++)
		if (j != NS_USER && e->pidfds & ns_table[j].flag && e->file[j] == e->file[k])
			flags |= ns_table[j].flag;
	return flags;
}

/* mnt near the end, since paths change with it; time last: it wants the memory alone. */
static const enum ns_kind order[] = { NS_NET, NS_IPC, NS_UTS, NS_CGROUP, NS_PID, NS_MNT, NS_TIME };
enum { ORDER = sizeof order / sizeof *order };

/* EPERM is no error yet: inside the user namespace that is joined later it may be allowed. */
static int try_kind(struct entry *e, enum ns_kind k, int *done, struct fault *f)
{
	int group = group_of(e, k);
	int r = sys_setns(e->file[k], group);

	if (r && errno == EINVAL && e->pidfds & ns_table[k].flag) {
		if (open_below_proc(e, spec_of(e, k)->pid, e->file[k], f))
			return -1;
		group = ns_table[k].flag;
		r = sys_setns(e->file[k], group);
	}
	*done |= group;
	if (!r)
		e->left |= group;
	else if (errno == EPERM)
		e->refused |= group;
	else
		return fault_of(f, e, "setns", k);
	return 0;
}

static int try_all_but(struct entry *e, int done, struct fault *f)
{
	for (unsigned i = 0; i < ORDER; i++)
		if (e->file[order[i]] >= 0 && !(done & ns_table[order[i]].flag) &&
		    try_kind(e, order[i], &done, f))
			return -1;
	return 0;
}

/*
 * The kinds of one process that go in one call, its user namespace among them. None where another's
 * mount namespace is joined: that needs the capabilities of before, and old kernels need /proc of
 * before for all others.
 */
static int whole_of(const struct entry *e)
{
	int fd = e->file[NS_USER];
	int whole = 0;

	if (fd < 0 || !(e->pidfds & CLONE_NEWUSER) ||
	    (e->file[NS_MNT] >= 0 && e->file[NS_MNT] != fd))
		return 0;
	for (enum ns_kind k = 0; k < NS_KINDS; k++)
		if (e->file[k] == fd)
			whole |= ns_table[k].flag;
	return whole == CLONE_NEWUSER ? 0 : whole;
}

/* Where the one call is refused, for one of the kinds perhaps, each has its own ways. */
int step_try(struct entry *e, const struct step *s, struct fault *f)
{
	int whole = whole_of(e);

	(void)s;
	if (try_all_but(e, whole, f))
		return -1;
	if (whole && !sys_setns(e->file[NS_USER], whole)) {
		e->left |= whole;
		return 0;
	}
	return whole ? try_all_but(e, ~whole, f) : 0;
}

/*
 * To be there already is what was asked, though setns(2) refuses one's own user namespace (EINVAL),
 * and to who has no capabilities any of his own (EPERM).
 */
static bool is_own(const struct entry *e, enum ns_kind k)
{
	const struct ns_spec *n = spec_of(e, k);
	char path[SYS_NS_PATH];
	struct stat ns, own;
	int saved = errno;
	bool same;

	same = !(e->pidfds & ns_table[k].flag ? entry_stat(e, n->path, &ns)
					      : fstat(e->file[k], &ns)) &&
	       !entry_stat(e, sys_ns_path(k, path), &own) && own.st_ino == ns.st_ino &&
	       own.st_dev == ns.st_dev;
	errno = saved;
	return same;
}

/*
 * With the user namespace of a process go those of its kinds that were refused, in one call; a
 * process whose kinds belong to several user namespaces has them joined one by one.
 */
static int join_user(struct entry *e, struct fault *f)
{
	int fd = e->file[NS_USER];
	int with = 0;

	for (enum ns_kind k = 0; k < NS_KINDS; k++)
		if (k != NS_USER && e->file[k] == fd)
			with |= e->refused & ns_table[k].flag;
	if (with && !sys_setns(fd, CLONE_NEWUSER | with)) {
		e->left |= CLONE_NEWUSER | with;
		e->refused &= ~with;
		return 0;
	}
	if (!sys_setns(fd, CLONE_NEWUSER)) {
		e->left |= CLONE_NEWUSER;
		return 0;
	}
	if (errno == EINVAL && is_own(e, NS_USER))
		return 0;
	return fault_of(f, e, "setns", NS_USER);
}

int step_join(struct entry *e, const struct step *s, struct fault *f)
{
	(void)s;
	if (e->file[NS_USER] >= 0 && !(e->left & CLONE_NEWUSER) && join_user(e, f))
		return -1;
	for (unsigned i = 0; i < ORDER; i++) {
		enum ns_kind k = order[i];

		if (!(e->refused & ns_table[k].flag))
			continue;
		if (!sys_setns(e->file[k], ns_table[k].flag))
			e->left |= ns_table[k].flag;
		else if (!is_own(e, k))
			return fault_of(f, e, "setns", k);
	}
	return 0;
}

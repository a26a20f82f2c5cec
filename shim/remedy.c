#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/remedy.h"
#include "shim/sys.h"

#define APPARMOR "kernel.apparmor_restrict_unprivileged_userns"

/*
 * A seccomp filter answers before the kernel looks at the arguments: a descriptor that is none is
 * EBADF without one. Asked only after a refusal: a filter that kills would have killed by then.
 */
static bool filtered(void)
{
	return sys_setns(-1, 0) && errno == EPERM;
}

/* Is the first character of the file this one? */
static bool reads(const char *path, char c)
{
	char value[16];

	return sys_read_file(path, value, sizeof value) > 0 && value[0] == c;
}

static bool in_chroot(void)
{
	struct stat own, init;

	/* /proc/1/root is ours to read only for root: then it is the truth, else no answer. */
	return !stat("/", &own) && !stat("/proc/1/root/.", &init) &&
	       (own.st_ino != init.st_ino || own.st_dev != init.st_dev);
}

static void seccomp(struct fault *f)
{
	fault_why(
		f,
		"a seccomp filter refuses it, as a container's does: run the container with one "
		"that allows unshare, setns and mount (docker: --security-opt seccomp=unconfined)");
}

static void apparmor(struct fault *f)
{
	fault_why(f, "AppArmor takes the capabilities away: needs an AppArmor profile with "
		     "\"userns,\" for this program, or sysctl " APPARMOR "=0");
}

static bool apparmor_restricts(void)
{
	return reads("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", '1');
}

/* The user namespace could be created, but what it should give is not there. */
static void powers_taken(struct fault *f)
{
	if (apparmor_restricts())
		apparmor(f);
	else
		fault_why(f, "the capabilities of the new user namespace are taken away, as a "
			     "security module does");
}

static void user_refused(struct fault *f)
{
	if (filtered())
		seccomp(f);
	else if (reads("/proc/sys/kernel/unprivileged_userns_clone", '0'))
		fault_why(f, "needs sysctl kernel.unprivileged_userns_clone=1");
	else if (apparmor_restricts())
		apparmor(f);
	else if (in_chroot())
		fault_why(f, "a process in a chroot may not create a user namespace "
			     "(user_namespaces(7))");
	else
		fault_why(f,
			  "a process in a chroot, or one whose uid or gid is not mapped in its own "
			  "user namespace, may not create one (user_namespaces(7))");
}

/* user.max_KIND_namespaces, or 32 user namespaces in one another. */
static void used_up(struct fault *f, const char *kind)
{
	char path[64], value[16];
	struct text t = text_in(path, sizeof path);

	text_str(&t, "/proc/sys/user/max_");
	text_str(&t, kind);
	text_str(&t, "_namespaces");
	fault_why(f, "the limit of ");
	fault_why(f, kind);
	fault_why(f, " namespaces is reached");
	if (sys_read_file(path, value, sizeof value) > 0) {
		fault_why(f, ": sysctl user.max_");
		fault_why(f, kind);
		fault_why(f, "_namespaces is ");
		fault_why(f, value);
		fault_why(f, ", or an outer namespace has a lower one");
	}
}

/* Several kinds in one call: the first whose limit is 0. */
static void create_used_up(struct fault *f, int flags)
{
	char path[64];

	for (enum ns_kind k = 0; k < NS_KINDS; k++) {
		struct text t = text_in(path, sizeof path);

		text_str(&t, "/proc/sys/user/max_");
		text_str(&t, ns_table[k].name);
		text_str(&t, "_namespaces");
		if (flags == ns_table[k].flag || (flags & ns_table[k].flag && reads(path, '0'))) {
			used_up(f, ns_table[k].name);
			return;
		}
	}
	fault_why(f, "a limit of namespaces is reached: see sysctl user.max_*_namespaces");
}

static void create_refused(struct fault *f, const struct plan *plan)
{
	if (filtered())
		seccomp(f);
	else if (plan->creates_user)
		powers_taken(f);
	else if (!plan->rule->fallback)
		fault_why(f,
			  "needs CAP_SYS_ADMIN, and fallback = none: allow fallback = userns, or "
			  "give user = new");
	else
		fault_why(f, "needs CAP_SYS_ADMIN");
}

static void join_refused(struct fault *f, enum ns_kind k)
{
	if (filtered()) {
		seccomp(f);
		return;
	}
	if (k == NS_USER)
		fault_why(f, "needs CAP_SYS_ADMIN in that user namespace: be root, or the user who "
			     "made it");
	else if (k == NS_MNT)
		fault_why(f,
			  "needs CAP_SYS_ADMIN over the user namespace that owns it, and "
			  "CAP_SYS_ADMIN and CAP_SYS_CHROOT in one's own: join its user namespace "
			  "too (user = ...), or be root");
	else
		fault_why(f,
			  "needs CAP_SYS_ADMIN over the user namespace that owns it: join that too "
			  "(user = ...), or be root");
}

static void open_failed(struct fault *f, const struct step *s)
{
	bool proc = !strncmp(f->path, "/proc/", 6);

	if (f->err == ENOENT && (s->op == STEP_PIDFD || s->op == STEP_DIR))
		fault_why(f, "there is no such process");
	else if (f->err == ENOENT && !strncmp(f->path, "/run/netns/", 11))
		fault_why(f, "there is no network namespace of that name: ip netns add makes one");
	else if (f->err == ENOENT && proc && access("/proc/self/ns", F_OK))
		fault_why(f, "needs /proc mounted");
	else if (f->err == ENOENT && proc)
		fault_why(f, "there is no such process, or this kernel has no such namespaces");
	else if (f->err == EACCES && proc)
		fault_why(f, "needs to be the user whose process that is, or CAP_SYS_PTRACE");
}

static void write_failed(struct fault *f)
{
	if (f->err == ENOENT && access("/proc/self/uid_map", F_OK))
		fault_why(f, "needs /proc mounted");
	else if (f->err == EROFS)
		fault_why(f, "needs a /proc that is mounted for writing");
	else if (f->err == EPERM || f->err == EACCES)
		powers_taken(f);
}

static void general(struct fault *f)
{
	switch (f->err) {
	case EMFILE:
		fault_why(f, "all descriptors are in use: raise RLIMIT_NOFILE (ulimit -n)");
		break;
	case ENFILE:
		fault_why(f, "the machine's files are all in use: sysctl fs.file-max");
		break;
	case EAGAIN:
		fault_why(f, "the user's processes are at RLIMIT_NPROC (ulimit -u)");
		break;
	case ENOSYS:
		fault_why(f, "this kernel, or a seccomp filter, does not have it");
		break;
	case ENOMEM:
		fault_why(f, "the machine has no memory left for it");
		break;
	default:
		break;
	}
}

static void of_step(struct fault *f, const struct plan *plan, const struct step *s)
{
	bool perm = f->err == EPERM || f->err == EACCES;

	switch (s->op) {
	case STEP_OPEN:
	case STEP_PIDFD:
	case STEP_DIR:
	case STEP_KEEP:
		open_failed(f, s);
		break;
	case STEP_TRY:
	case STEP_JOIN:
		if (perm)
			join_refused(f, ns_find(f->ns, strlen(f->ns)));
		else if (f->err == EINVAL)
			fault_why(f, f->ns[0] == 'p' ? "that file is no pid namespace, or one that "
						       "is not below one's own"
						     : "that file is no namespace of this kind");
		break;
	case STEP_USER:
		if (perm)
			user_refused(f);
		else if (f->err == ENOSPC || f->err == EUSERS)
			used_up(f, "user");
		else if (f->err == EINVAL)
			fault_why(f, "this kernel has no user namespaces");
		break;
	case STEP_MAP:
		write_failed(f);
		break;
	case STEP_CREATE:
		if (perm)
			create_refused(f, plan);
		else if (f->err == ENOSPC || f->err == EUSERS)
			create_used_up(f, s->flags);
		else if (f->err == EINVAL)
			fault_why(f, "this kernel lacks one of these kinds of namespace");
		break;
	case STEP_PRIVATE:
		if (f->err == EINVAL)
			fault_why(f, "the root directory is no mount point (a chroot): mnt = new "
				     "needs one");
		break;
	case STEP_TAKE:
		if (f->err == ENOENT)
			fault_why(f, "the working directory of the process lies outside its root: "
				     "give the rule cwd = PATH");
		else if (s->dir == DIR_CWD && perm)
			fault_why(f, "the working directory of the process is closed to this one: "
				     "give the rule cwd = PATH");
		break;
	case STEP_PROC:
		if (perm)
			fault_why(f, "the kernel allows it only where the /proc outside is seen "
				     "whole, which containers' is not: proc = host");
		break;
	case STEP_CWD:
		fault_why(f, plan->rule->cwd
				     ? "that directory, the rule's cwd, is not there inside"
				     : "the working directory is not there inside: give the rule "
				       "cwd = PATH");
		break;
	default:
		break;
	}
}

void remedy(struct fault *f, const struct plan *plan, const struct step *step)
{
	int err = f->err;

	if (!f->why[0])
		of_step(f, plan, step);
	remedy_errno(f, plan->rule);
	errno = err;
}

void remedy_errno(struct fault *f, const struct rule *rule)
{
	fault_in(f, rule->name);
	if (!f->why[0])
		general(f);
}

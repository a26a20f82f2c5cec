#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/refusal.h"
#include "shim/remedy.h"
#include "shim/sys.h"

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
		refusal_powers(f);
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

static void join_failed(struct fault *f)
{
	if (f->err == EPERM || f->err == EACCES)
		refusal_join(f, ns_find(f->ns, strlen(f->ns)));
	else if (f->err == EINVAL)
		fault_why(f, f->ns[0] == 'p' ? "that file is no pid namespace, or one that is not "
					       "below one's own"
					     : "that file is no namespace of this kind");
}

static void create_failed(struct fault *f, const struct plan *plan, const struct step *s)
{
	bool user = s->op == STEP_USER;

	switch (f->err) {
	case EPERM:
	case EACCES:
		if (user)
			refusal_user(f);
		else
			refusal_create(f, plan);
		break;
	case ENOSPC:
	case EUSERS:
		if (user)
			refusal_used_up(f, "user");
		else
			refusal_create_used_up(f, s->flags);
		break;
	case EINVAL:
		fault_why(f, user ? "this kernel has no user namespaces"
				  : "this kernel lacks one of these kinds of namespace");
		break;
	}
}

static void take_failed(struct fault *f, const struct step *s)
{
	if (f->err == ENOENT)
		fault_why(f, "the working directory of the process lies outside its root: give the "
			     "rule cwd = PATH");
	else if (s->dir == DIR_CWD && (f->err == EPERM || f->err == EACCES))
		fault_why(f, "the working directory of the process is closed to this one: give the "
			     "rule cwd = PATH");
}

static void of_step(struct fault *f, const struct plan *plan, const struct step *s)
{
	switch (s->op) {
	case STEP_OPEN:
	case STEP_PIDFD:
	case STEP_DIR:
	case STEP_KEEP:
		open_failed(f, s);
		break;
	case STEP_TRY:
	case STEP_JOIN:
		join_failed(f);
		break;
	case STEP_USER:
	case STEP_CREATE:
		create_failed(f, plan, s);
		break;
	case STEP_MAP:
		write_failed(f);
		break;
	case STEP_PRIVATE:
		if (f->err == EINVAL)
			fault_why(f, "the root directory is no mount point (a chroot): mnt = new "
				     "needs one");
		break;
	case STEP_TAKE:
		take_failed(f, s);
		break;
	case STEP_PROC:
		if (f->err == EPERM || f->err == EACCES)
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

/* Nothing but Landlock tells a file that could be executed before from one that can be now. */
bool remedy_exec(struct fault *f, const struct plan *plan, const char *path, int err)
{
	if (err != EACCES || !plan_has_fence(plan))
		return false;
	fault_set(f, "execve", NS_KINDS, path, err);
	fault_why(f, "the program, its interpreter and its libraries have to be below a "
		     "landlock_ro or landlock_rw");
	fault_in(f, plan->rule->name);
	return true;
}

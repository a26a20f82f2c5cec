#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/refusal.h"
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
void refusal_powers(struct fault *f)
{
	if (apparmor_restricts())
		apparmor(f);
	else
		fault_why(f, "the capabilities of the new user namespace are taken away, as a "
			     "security module does");
}

void refusal_user(struct fault *f)
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
void refusal_used_up(struct fault *f, const char *kind)
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
void refusal_create_used_up(struct fault *f, int flags)
{
	char path[64];

	for (enum ns_kind k = 0; k < NS_KINDS; k++) {
		struct text t = text_in(path, sizeof path);

		text_str(&t, "/proc/sys/user/max_");
		text_str(&t, ns_table[k].name);
		text_str(&t, "_namespaces");
		if (flags == ns_table[k].flag || (flags & ns_table[k].flag && reads(path, '0'))) {
			refusal_used_up(f, ns_table[k].name);
			return;
		}
	}
	fault_why(f, "a limit of namespaces is reached: see sysctl user.max_*_namespaces");
}

void refusal_create(struct fault *f, const struct plan *plan)
{
	if (filtered())
		seccomp(f);
	else if (plan->creates_user)
		refusal_powers(f);
	else if (!plan->rule->fallback)
		fault_why(f,
			  "needs CAP_SYS_ADMIN, and fallback = none: allow fallback = userns, or "
			  "give user = new");
	else
		fault_why(f, "needs CAP_SYS_ADMIN");
}

void refusal_join(struct fault *f, enum ns_kind k)
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

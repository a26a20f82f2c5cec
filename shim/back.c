#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shim/step.h"
#include "shim/sys.h"

/*
 * A descriptor of the namespace that this thread is in. The pidfd way (Linux 6.11) is a third of
 * the cost of the first look into /proc of a new process.
 */
static int open_own(enum ns_kind k, int pidfd)
{
	char path[SYS_NS_PATH];
	int fd = sys_pidfd_ns(pidfd, k, false);

	return fd >= 0 ? fd : sys_open(sys_ns_path(k, path), O_RDONLY);
}

int step_keep(struct entry *e, const struct step *s, struct fault *f)
{
	int self = sys_pidfd_self();

	for (enum ns_kind k = 0; k < NS_KINDS; k++) {
		if (!(s->flags & ns_table[k].flag) || e->back[k] >= 0)
			continue;
		e->back[k] = open_own(k, self);
		if (e->back[k] < 0) {
			fault_set(f, "open", k, "/proc/thread-self/ns", errno);
			sys_close(self);
			return -1;
		}
	}
	sys_close(self);
	if (s->path && e->cwd < 0 && (e->cwd = sys_open(s->path, O_PATH | O_DIRECTORY)) < 0)
		return fault_set(f, "open", NS_MNT, s->path, errno);
	if (s->flags & CLONE_NEWNS && (e->root = sys_open("/", O_PATH | O_DIRECTORY)) < 0)
		return fault_set(f, "open", NS_MNT, "/", errno);
	return 0;
}

enum ns_kind entry_moved(const struct entry *e)
{
	struct stat old, new;
	char path[SYS_NS_PATH];

	if (e->left & CLONE_NEWUSER)
		return NS_USER;
	for (enum ns_kind k = 0; k < NS_KINDS; k++)
		if (e->left & ns_table[k].flag && e->back[k] >= 0 && !fstat(e->back[k], &old) &&
		    !entry_stat(e, sys_ns_path(k, path), &new) && old.st_ino != new.st_ino)
			return k;
	return NS_KINDS;
}

/* After a user namespace there is no way back, for root neither (setns(2)). */
static bool go_back(struct entry *e)
{
	if (e->left & CLONE_NEWUSER || e->lasting)
		return false;
	for (enum ns_kind k = 0; k < NS_KINDS; k++) {
		if (!(e->left & ns_table[k].flag))
			continue;
		if (e->back[k] < 0 || sys_setns(e->back[k], ns_table[k].flag))
			return false;
		/* It also moved the root to that of the mount namespace. */
		if (k == NS_MNT && (fchdir(e->root) || chroot(".")))
			return false;
	}
	return e->cwd < 0 || !fchdir(e->cwd);
}

bool entry_back(struct entry *e)
{
	int saved = errno;
	bool back = go_back(e);

	entry_close(e);
	if (back)
		entry_show(e);
	errno = saved;
	return back;
}

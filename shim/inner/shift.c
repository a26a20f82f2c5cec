#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/inner/mount.h"
#include "shim/process.h"
#include "shim/step.h"
#include "shim/sys.h"

/*
 * Mounts that show ids shifted. Only who has power over the file system may make them, and inside
 * the user namespace nobody has: so they are made before it is created, by the maps of another one,
 * in which a process is for this moment. The mount takes over the map, not the namespace
 * (mount_setattr(2)).
 */

enum { STACK = 1024 };

static int wait_for_end(void *arg)
{
	(void)arg;
	for (;;)
		syscall(SYS_ppoll, NULL, 0, NULL, NULL, 0);
	return 0;
}

static int write_map(pid_t pid, int which, const struct plan *p, struct fault *f)
{
	static const char files[2][8] = { "uid_map", "gid_map" };
	const char *text = p->rule->map[which].text ? p->rule->map[which].text : p->map[which];
	char path[PROCESS_PATH];

	process_path(pid, "/", files[which], path);
	if (!sys_write_file(AT_FDCWD, path, text, strlen(text)))
		return 0;
	fault_set(f, "write", NS_USER, path, errno);
	if (f->err == EPERM)
		fault_why(f, "`idmap` needs CAP_SETUID and CAP_SETGID outside, as root has them");
	return -1;
}

/* A user namespace with the maps of the one that comes. */
static int open_twin(const struct plan *p, struct fault *f)
{
	char stack[STACK] __attribute__((aligned(16)));
	char path[PROCESS_PATH];
	int fd = -1;
	pid_t pid = clone(wait_for_end, stack + STACK, CLONE_VM | CLONE_NEWUSER, NULL);

	if (pid < 0)
		return fault_set(f, "clone", NS_USER, NULL, errno);
	if (!write_map(pid, 0, p, f) && !write_map(pid, 1, p, f)) {
		process_path(pid, "/ns/", "user", path);
		fd = sys_open(path, O_RDONLY);
		if (fd < 0)
			fault_set(f, "open", NS_USER, path, errno);
	}
	syscall(SYS_kill, pid, SIGKILL);
	sys_reap(pid);
	return fd;
}

static int shift(struct files *s, const struct item *it, int twin, struct fault *f)
{
	bool whole = it->flags & MOUNT_REC;
	int copy = files_copy_source(s, it->word[MOUNT_SRC], whole);

	if (copy < 0 && (errno == ENOENT || errno == ENOTDIR) && it->flags & MOUNT_OPTIONAL)
		return 0;
	if (copy < 0) {
		fault_set(f, "open_tree", NS_MNT, it->word[MOUNT_SRC], errno);
	} else if (mount_idmap(copy, twin, whole)) {
		fault_set(f, "mount_setattr", NS_MNT, it->word[MOUNT_SRC], errno);
		sys_close(copy);
	} else {
		s->shifted[s->shifts] = copy;
		return 0;
	}
	if (f->err == EPERM)
		fault_why(f, "`idmap` needs CAP_SYS_ADMIN over the file system, as the root of the "
			     "host has it");
	else if (f->err == EINVAL)
		fault_why(f, "that file system does not show ids shifted, or already does");
	else if (f->err == ENOENT || f->err == ENOTDIR)
		fault_why(f, "what shall be bound is not there: make it, or add `optional`");
	return mount_why(f);
}

int step_shift(struct entry *e, const struct step *step, struct fault *f)
{
	const struct item *first = e->plan->rule->item[PHASE_FILES];
	struct files *s = &e->files;
	int twin = open_twin(e->plan, f);
	int failed = twin < 0;

	(void)step;
	s->root = first->op == ITEM_ROOT ? first->word[MOUNT_SRC] : NULL;
	for (const struct item *it = first; it && !failed; it = it->next)
		if (it->op == ITEM_BIND && it->flags & MOUNT_IDMAP) {
			failed = shift(s, it, twin, f);
			s->shifts++;
		}
	s->shifts = 0;
	if (twin >= 0)
		sys_close(twin);
	return failed ? -1 : 0;
}

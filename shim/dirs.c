#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/process.h"
#include "shim/scratch.h"
#include "shim/step.h"
#include "shim/sys.h"

/*
 * Whoever may join by a pidfd may follow these links: both take a look as a debugger has it
 * (ptrace(2), PTRACE_MODE_READ), so that there is nothing to be tried again inside.
 */
int step_dir(struct entry *e, const struct step *s, struct fault *f)
{
	char path[PROCESS_PATH];

	process_path(e->plan->rule->join.pid, "/", s->path, path);
	e->dir[s->dir] = sys_open(path, O_PATH | O_DIRECTORY);
	if (e->dir[s->dir] >= 0)
		return 0;
	return fault_set(f, "open", s->kind, path, errno == ESRCH ? ENOENT : errno);
}

int step_procfs(struct entry *e, const struct step *s, struct fault *f)
{
	e->proc = sys_open(s->path, O_PATH | O_DIRECTORY);
	/* Where there is none, what needs it says so; most does not. */
	return e->proc < 0 && errno != ENOENT ? fault_set(f, "open", s->kind, s->path, errno) : 0;
}

/* The directory to open the file from, and *path there. False, and errno: there is none. */
static bool procfs(const struct entry *e, int *dir, const char **path)
{
	*dir = AT_FDCWD;
	if (!plan_has(e->plan, STEP_PROCFS))
		return true;
	*dir = e->proc;
	*path += sizeof "/proc/" - 1;
	errno = ENOENT;
	return e->proc >= 0;
}

int entry_open(const struct entry *e, const char *path)
{
	int dir;

	return procfs(e, &dir, &path) ? sys_openat(dir, path, O_RDONLY) : -1;
}

int entry_write(const struct entry *e, const char *path, const char *text)
{
	int dir;

	return procfs(e, &dir, &path) ? sys_write_file(dir, path, text, strlen(text)) : -1;
}

int entry_stat(const struct entry *e, const char *path, struct stat *st)
{
	int dir;

	return procfs(e, &dir, &path) ? fstatat(dir, path, st, 0) : -1;
}

/* What /proc has told of it, was it of the one that is joined? */
static int check_proc(const struct entry *e, pid_t pid, struct fault *f)
{
	const struct rule *rule = e->plan->rule;
	char path[PROCESS_PATH];
	pid_t n = -1;

	for (unsigned i = 0; i < rule->kinds && n < 0; i++)
		if (rule->ns[i].mode == NS_PIDOF && rule->ns[i].pid == pid &&
		    e->pidfds & ns_table[rule->ns[i].kind].flag)
			n = process_in_proc(e->file[rule->ns[i].kind]);
	if (n < 0 || n == pid)
		return 0;
	fault_set(f, "join", NS_KINDS, process_path(pid, "", "", path), ESRCH);
	fault_why(f, "/proc is that of another pid namespace, in which this number is another "
		     "process: mount one of this (unshare --mount-proc)");
	return -1;
}

int step_same(struct entry *e, const struct step *s, struct fault *f)
{
	return process_again(&e->plan->rule->join, f) ? -1 : check_proc(e, s->pid, f);
}

/* A working directory that does not lie below the root leads outside: "(unreachable)", getcwd(3). */
static int check_below_root(const struct step *s, struct fault *f)
{
	char *name = scratch_path(SCRATCH_CWD);

	if (!name)
		return fault_set(f, "mmap", s->kind, NULL, ENOMEM);
	/* One that was deleted has no name, but is where the process is. */
	if (syscall(SYS_getcwd, name, PATH_MAX) < 0 || name[0] == '/')
		return 0;
	return fault_set(f, "getcwd", s->kind, s->path, ENOENT);
}

int step_take(struct entry *e, const struct step *s, struct fault *f)
{
	if (fchdir(e->dir[s->dir]))
		return fault_set(f, "fchdir", s->kind, s->path, errno);
	if (s->dir == DIR_CWD)
		return check_below_root(s, f);
	return chroot(".") ? fault_set(f, "chroot", s->kind, s->path, errno) : 0;
}

int step_cwd(struct entry *e, const struct step *s, struct fault *f)
{
	const char *path = s->path ? s->path : e->where;

	/* "(unreachable)/...": getcwd(3). */
	if (!path || path[0] != '/')
		return fault_set(f, "getcwd", s->kind, path, ENOENT);
	return chdir(path) ? fault_set(f, "chdir", s->kind, path, errno) : 0;
}

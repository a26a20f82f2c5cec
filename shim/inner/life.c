#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/descriptors.h"
#include "shim/inner/deed.h"
#include "shim/process.h"
#include "shim/sys.h"

int deed_oom(struct entry *e, const struct item *it, struct fault *f)
{
	static const char path[] = "/proc/self/oom_score_adj";
	char buf[12];
	struct text t = text_in(buf, sizeof buf);

	(void)e;
	text_num(&t, it->number[0]);
	if (!sys_write_file(AT_FDCWD, path, buf, (size_t)(t.at - buf)))
		return 0;
	fault_set(f, "write", NS_KINDS, path, errno);
	if (f->err == EACCES)
		fault_why(f, "to lower it needs CAP_SYS_RESOURCE of the host");
	else if (f->err == ENOENT)
		fault_why(f, "needs /proc mounted");
	return -1;
}

/* Of a process that is written as 0 the kernel takes the one that writes (cgroups(7)). */
int deed_cgroup(struct entry *e, const struct item *it, struct fault *f)
{
	(void)e;
	if (!sys_write_file(AT_FDCWD, it->word[0], "0", 1))
		return 0;
	fault_set(f, "write", NS_KINDS, it->word[0], errno);
	if (f->err == ENOENT)
		fault_why(f, "there is no such cgroup of version 2");
	else if (f->err == EACCES || f->err == EPERM)
		fault_why(f, "needs to own that cgroup, and the one above this process's and it "
			     "(delegation: systemd-run --user -p Delegate=yes, or chown)");
	else if (f->err == EBUSY || f->err == EOPNOTSUPP)
		fault_why(f, "that cgroup has controllers for its children, or is threaded: join "
			     "one below it");
	return -1;
}

int deed_nice(struct entry *e, const struct item *it, struct fault *f)
{
	(void)e;
	if (!setpriority(PRIO_PROCESS, 0, (int)it->number[0]))
		return 0;
	fault_set(f, "setpriority", NS_KINDS, it->text, errno);
	if (f->err == EACCES)
		fault_why(f, "to lower it needs CAP_SYS_NICE of the host, or RLIMIT_NICE");
	return -1;
}

/* Of ioprio_set(2): IOPRIO_WHO_PROCESS, IOPRIO_CLASS_RT, IOPRIO_CLASS_SHIFT. */
enum { WHO_PROCESS = 1, CLASS_RT = 1, CLASS_SHIFT = 13 };

/* Asked first: what was done with capabilities may not be done again without. */
int deed_ioprio(struct entry *e, const struct item *it, struct fault *f)
{
	(void)e;
	if (syscall(SYS_ioprio_get, WHO_PROCESS, 0) == it->number[0] ||
	    !syscall(SYS_ioprio_set, WHO_PROCESS, 0, it->number[0]))
		return 0;
	fault_set(f, "ioprio_set", NS_KINDS, it->text, errno);
	if (f->err == EPERM)
		fault_why(f, "the class rt needs CAP_SYS_NICE of the host");
	return -1;
}

int deed_cpus(struct entry *e, const struct item *it, struct fault *f)
{
	(void)e;
	if (!syscall(SYS_sched_setaffinity, 0, it->size, it->data))
		return 0;
	fault_set(f, "sched_setaffinity", NS_KINDS, it->text, errno);
	if (f->err == EINVAL)
		fault_why(f, "none of these processors is there, or allowed to this cgroup");
	return -1;
}

static rlim_t amount(int64_t n)
{
	return n < 0 ? RLIM_INFINITY : (rlim_t)n;
}

bool deed_needs_host(const struct item *it)
{
	struct rlimit now;

	switch (it->op) {
	case ITEM_NICE: /* the system call returns 20 less that */
		return 20 - syscall(SYS_getpriority, PRIO_PROCESS, 0) > it->number[0];
	case ITEM_IOPRIO:
		return it->number[0] >> CLASS_SHIFT == CLASS_RT;
	case ITEM_RLIMIT:
		return !getrlimit((int)it->flags, &now) && amount(it->number[1]) > now.rlim_max;
	default:
		return false;
	}
}

int deed_rlimit(struct entry *e, const struct item *it, struct fault *f)
{
	struct rlimit limit = { amount(it->number[0]), amount(it->number[1]) };

	/* For the moment it is above what it was, and would be put back. */
	if (it->flags == RLIMIT_NOFILE)
		e->raised = false;
	if (!setrlimit((int)it->flags, &limit))
		return 0;
	fault_set(f, "setrlimit", NS_KINDS, it->text, errno);
	if (f->err == EPERM)
		fault_why(f, it->flags == RLIMIT_NOFILE
				     ? "to raise a hard limit needs CAP_SYS_RESOURCE of the host, "
				       "and no more than sysctl fs.nr_open"
				     : "to raise a hard limit needs CAP_SYS_RESOURCE of the host");
	return -1;
}

/* In a mount namespace that was joined /dev/tty may be any device, which is not to be opened. */
static bool lacks_terminal(const struct entry *e)
{
	enum { TTY = 7 /* process_number() */ };
	int stat = entry_open(e, "/proc/self/stat");
	unsigned long long terminal;
	bool lacks = stat >= 0 && !process_number(stat, TTY, &terminal) && !terminal;

	if (stat >= 0)
		sys_close(stat);
	return lacks;
}

/* What a daemon or a supervisor starts often leads one already, and without a terminal. */
static bool leads_bare_session(const struct entry *e)
{
	int terminal;

	if (syscall(SYS_getsid, 0) != syscall(SYS_getpid))
		return false;
	if (plan_has(e->plan, STEP_PROCFS))
		return lacks_terminal(e);
	terminal = sys_open("/dev/tty", O_RDWR | O_NOCTTY | O_NONBLOCK);
	if (terminal >= 0)
		sys_close(terminal);
	return terminal < 0 && errno == ENXIO;
}

/*
 * Who leads a group may not (setsid(2)), as what a shell with job control starts does. A group that
 * it is alone in it can leave, for its parent's.
 */
int deed_session(struct entry *e, const struct item *it, struct fault *f)
{
	if (!it->flags || syscall(SYS_setsid) >= 0 || leads_bare_session(e))
		return 0;
	e->lasting = true;
	if (!setpgid(0, getpgid((pid_t)syscall(SYS_getppid))) && syscall(SYS_setsid) >= 0)
		return 0;
	fault_set(f, "setsid", NS_KINDS, NULL, EPERM);
	fault_why(f, "it leads a process group in which there are others, or a session that has a "
		     "terminal");
	return -1;
}

int deed_umask(struct entry *e, const struct item *it, struct fault *f)
{
	(void)e;
	/* Of the kernel it has no error; of a filter it may. */
	if (syscall(SYS_umask, it->number[0]) >= 0)
		return 0;
	return fault_set(f, "umask", NS_KINDS, it->text, errno);
}

static bool dies(const struct entry *e)
{
	const struct item *it = rule_item(e->plan->rule, ITEM_DIE);

	return it && it->flags;
}

/*
 * Of a parent that has ended there is no signal any more. Its number says so, but for one outside
 * of the pid namespace, which reads 0 before and after.
 */
bool deed_orphan(const struct entry *e)
{
	return dies(e) && e->parent && (pid_t)syscall(SYS_getppid) != e->parent;
}

/* Who is born in a pid namespace has a parent without a number: who bears him looks. */
int deed_mortal(struct entry *e, struct fault *f)
{
	int signal = dies(e) ? SIGKILL : e->death;

	if (signal && prctl(PR_SET_PDEATHSIG, signal))
		return fault_set(f, "prctl", NS_KINDS, "PR_SET_PDEATHSIG", errno);
	if (!e->plan->moves_pid && deed_orphan(e))
		syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
	return 0;
}

void deed_follow(const struct entry *e)
{
	if (dies(e) && !prctl(PR_SET_PDEATHSIG, SIGKILL) && deed_orphan(e))
		syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
}

int deed_die(struct entry *e, const struct item *it, struct fault *f)
{
	return it->flags ? deed_mortal(e, f) : 0;
}

/* The list is that of outside: one that was joined could be any. */
static int mark(const struct entry *e, unsigned from, unsigned to)
{
	int dir, err;

	if (!descriptors_mark(from, to))
		return 0;
	dir = entry_open(e, "/proc/self/fd");
	if (dir < 0)
		return errno;
	err = descriptors_mark_listed(dir, from, to);
	sys_close(dir);
	return err;
}

/* By the exec, which comes: the entry itself still needs some of them. */
int deed_close(struct entry *e, const struct item *it, struct fault *f)
{
	const unsigned *range = it->data;
	size_t n = it->size / sizeof *range;

	for (size_t i = 1; i < n; i += 2) {
		unsigned to = i + 1 < n ? range[i + 1] - 1 : ~0u;
		int err = range[i] + 1 <= to ? mark(e, range[i] + 1, to) : 0;

		if (err) {
			fault_set(f, "close_range", NS_KINDS, it->text, err);
			if (err == ENOENT)
				fault_why(f, "needs Linux 5.11, or /proc mounted");
			return -1;
		}
	}
	return 0;
}

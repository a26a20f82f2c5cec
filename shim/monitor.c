#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shim/descriptors.h"
#include "shim/monitor.h"
#include "shim/signals.h"
#include "shim/sys.h"

#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif

/*
 * What a terminal sends to its foreground group has reached the program too, which is in our group.
 * A hangup is for a session's leader alone.
 */
static bool is_passed(const siginfo_t *info)
{
	if (info->si_signo == SIGCHLD)
		return info->si_code <= 0;
	if (info->si_code != SI_KERNEL)
		return true;
	return (info->si_signo == SIGHUP || info->si_signo == SIGCONT) && getsid(0) == getpid();
}

/* With its value, where it has one; the kernel tells of the others that we sent them. */
static void pass(pid_t child, siginfo_t *info)
{
	int fd = info->si_code == SI_QUEUE ? sys_pidfd_open(child) : -1;

	if (fd < 0 || syscall(SYS_pidfd_send_signal, fd, info->si_signo, info, 0))
		kill(child, info->si_signo);
	if (fd >= 0)
		close(fd);
}

/* By the signal itself, for our parent to see, whatever we inherited for it. */
static void suffer(int sig)
{
	signals_handler *old = signals_set(sig, SIG_DFL);
	uint64_t mask, others = ~((uint64_t)1 << (sig - 1));

	signals_block(&mask);
	kill(getpid(), sig);
	signals_unblock(&others);
	signals_unblock(&mask);
	signals_set(sig, old);
}

/* A file system that goes with us, where core(5) wants the file; a relative path wants it here. */
static bool hide_core(void)
{
	char pattern[PATH_MAX];
	ssize_t n = sys_read_file("/proc/sys/kernel/core_pattern", pattern, sizeof pattern);
	char *end = n > 0 && pattern[0] == '/' ? strrchr(pattern, '/') : NULL;
	const char *dir = end > pattern ? pattern : "/proc";

	if (n > 0 && pattern[0] == '|')
		return true; /* a program has it, as it had the other */
	if (end == pattern)
		return false; /* over the root itself nothing can be mounted */
	if (end)
		*end = '\0';
	return !unshare(CLONE_NEWNS) && !mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) &&
	       !mount("none", dir, "tmpfs", 0, "size=1m,mode=1777") && !chdir(dir);
}

/*
 * The program's own core is there already, and there is nothing in this one (MONITOR_FILTER);
 * wait(2)'s flag of it, the kernel sets for one who writes
 * one himself.
 */
static void allow_core(bool dumped)
{
	struct rlimit limit;

	getrlimit(RLIMIT_CORE, &limit);
	limit.rlim_cur = dumped && hide_core() ? limit.rlim_max : 0;
	setrlimit(RLIMIT_CORE, &limit);
	prctl(PR_SET_DUMPABLE, limit.rlim_cur != 0);
}

_Noreturn static void end(struct place *place, const siginfo_t *how)
{
	place_reap(place);
	if (how->si_code == CLD_EXITED)
		_exit(how->si_status);
	allow_core(how->si_code == CLD_DUMPED);
	suffer(how->si_status);
	_exit(128 + how->si_status);
}

/* What has become of the program since; false: nothing. */
static bool news(pid_t child, int kinds, siginfo_t *info)
{
	info->si_pid = 0;
	return !waitid(P_PID, (id_t)child, info, kinds | WNOHANG | __WALL) && info->si_pid == child;
}

static volatile sig_atomic_t continued;

static void on_continue(int sig)
{
	(void)sig;
	continued = 1;
}

static uint64_t bit(int sig)
{
	return (uint64_t)1 << (sig - 1);
}

/*
 * As the program has. A stop that is sent takes back a SIGCONT that is blocked and waits (signal(7)
 * does not say so), which so has to be taken at once; and one that comes later takes back the stop
 * for as long as that is blocked. What is left is a gap of one system call: kill(2) itself, or with
 * SIGSTOP, which cannot be blocked, what goes before it. To leave the stop that came pending instead
 * would close it, but who sent two would have sent one.
 */
static void stop(pid_t child, int sig)
{
	const uint64_t all = ~bit(SIGCONT), others = all & ~bit(sig), every = ~(uint64_t)0;
	struct sigaction catch = { .sa_handler = on_continue }, old;
	signals_handler *before = signals_set(sig, SIG_DFL);
	siginfo_t info;

	continued = 0;
	sigaction(SIGCONT, &catch, &old);
	signals_unblock(&all);
	if (!continued)
		kill(getpid(), sig);
	if (!continued)
		signals_unblock(&others); /* here it stops, until SIGCONT */
	signals_unblock(&every);
	signals_take(sig, &info);
	sigaction(SIGCONT, &old, NULL);
	signals_set(sig, before);
	if (continued && !news(child, WCONTINUED, &info))
		kill(child, SIGCONT);
}

static void look(struct place *place, pid_t child)
{
	siginfo_t info;

	while (news(child, WEXITED | WSTOPPED | WCONTINUED, &info)) {
		if (info.si_code == CLD_STOPPED)
			stop(child, info.si_status);
		else if (info.si_code != CLD_CONTINUED)
			end(place, &info);
	}
}

/* /proc may be that of the program's namespace, and know nothing of us. */
static void close_from(int first)
{
	long most = descriptors_close(first, -1) ? sysconf(_SC_OPEN_MAX) : 0;

	for (int fd = first; fd < most; fd++)
		close(fd);
}

/* No descriptor of the program's: who waits for the end of a pipe must not wait for us. */
static void let_go(struct place *place)
{
	if (place->pipe >= 0 && place->pipe != 0) {
		dup3(place->pipe, 0, O_CLOEXEC);
		close(place->pipe);
		place->pipe = 0;
	}
	close_from(place->pipe + 1);
	if (chdir("/"))
		return; /* it only keeps a folder busy */
}

_Noreturn void monitor(struct place *place, pid_t child)
{
	siginfo_t info, again;

	let_go(place);
	for (;;) {
		look(place, child);
		if (signals_wait(&info) || !is_passed(&info))
			continue;
		/* It came to all of our group, and so to the program, where that goes on already. */
		if (info.si_signo != SIGCONT || !news(child, WCONTINUED, &again))
			pass(child, &info);
	}
}

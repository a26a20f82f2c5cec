#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/helper.h"
#include "shim/stay.h"
#include "shim/signals.h"
#include "shim/sys.h"

static bool is_traced(void)
{
	char status[512];
	const char *line = sys_read_file("/proc/self/status", status, sizeof status) > 0
				   ? strstr(status, "TracerPid:\t")
				   : NULL;

	return line && line[strlen("TracerPid:\t")] != '0';
}

bool stay_can(void)
{
	return !sys_has_threads() && !sys_shares_memory() && !is_traced();
}

void stay_begin(struct stay *s)
{
	static const struct itimerval never;

	s->self = sys_pidfd_open((pid_t)syscall(SYS_getpid));
	s->pending = signals_pending(SIGCHLD);
	s->ignores = signals_set(SIGCHLD, SIG_DFL) == SIG_IGN;
	for (int which = ITIMER_REAL; which <= ITIMER_PROF; which++)
		syscall(SYS_setitimer, which, &never, &s->timer[which]);
}

static void give(const struct stay *s)
{
	for (int which = ITIMER_REAL; which <= ITIMER_PROF; which++)
		syscall(SYS_setitimer, which, &s->timer[which], NULL);
	if (s->ignores)
		signals_set(SIGCHLD, SIG_IGN);
}

/* Its number says nothing: of a parent outside getppid(2) reads 0. */
static bool has_ended(int pidfd)
{
	struct pollfd fd = { .fd = pidfd, .events = POLLIN };
	const long now[2] = { 0, 0 };

	return pidfd >= 0 && syscall(SYS_ppoll, &fd, 1, now, NULL, 0) == 1;
}

void stay_hand_over(const struct stay *s)
{
	syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
	/* Before that it could end unseen. */
	if (has_ended(s->self))
		syscall(SYS_exit_group, 127);
	give(s);
}

void stay_undo(const struct stay *s, struct place *p)
{
	siginfo_t info;

	place_reap(p);
	if (!s->pending)
		signals_take(SIGCHLD, &info);
	if (s->self >= 0)
		sys_close(s->self);
	give(s);
}

static char *number(char buf[12], int n)
{
	struct text t = text_in(buf, 12);

	text_num(&t, n);
	return buf;
}

int stay_on(struct place *p, const char *image, struct fault *f)
{
	char words[3][12];
	char *const argv[] = { (char *)"nsshim",	   (char *)"--monitor",
			       number(words[0], p->child), number(words[1], p->init),
			       number(words[2], p->pipe),  NULL };
	bool kept;

	place_stay(p);
	if (p->pipe >= 0)
		syscall(SYS_fcntl, p->pipe, F_SETFD, 0);
	/* To hide a core; our program has executed already. */
	kept = sys_keep_capability(CAP_SYS_ADMIN);
	helper_become(image, argv, NULL, f);
	if (kept)
		sys_unkeep_capability(CAP_SYS_ADMIN);
	syscall(SYS_kill, p->child, SIGKILL);
	place_reap(p);
	errno = f->err;
	return -1;
}

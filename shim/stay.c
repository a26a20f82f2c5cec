#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/helper.h"
#include "shim/stay.h"
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
	return !sys_has_threads() && !is_traced();
}

void stay_begin(struct stay *s)
{
	static const struct itimerval never;

	s->ignores = sys_signal(SIGCHLD, SIG_DFL) == SIG_IGN;
	for (int which = ITIMER_REAL; which <= ITIMER_PROF; which++)
		syscall(SYS_setitimer, which, &never, &s->timer[which]);
}

void stay_undo(const struct stay *s)
{
	for (int which = ITIMER_REAL; which <= ITIMER_PROF; which++)
		syscall(SYS_setitimer, which, &s->timer[which], NULL);
	if (s->ignores)
		sys_signal(SIGCHLD, SIG_IGN);
}

void stay_hand_over(const struct stay *s)
{
	syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
	stay_undo(s);
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

	place_stay(p);
	if (p->pipe >= 0)
		syscall(SYS_fcntl, p->pipe, F_SETFD, 0);
	sys_keep_capability(CAP_SYS_ADMIN); /* to hide a core; our program has executed already */
	helper_become(image, argv, NULL, f);
	syscall(SYS_kill, p->child, SIGKILL);
	while (syscall(SYS_wait4, p->child, NULL, __WALL, NULL) < 0 && errno == EINTR)
		;
	place_end(p);
	errno = f->err;
	return -1;
}

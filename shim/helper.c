#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/helper.h"
#include "shim/signals.h"
#include "shim/sys.h"

/*
 * exec gives its process SIGCHLD as exit signal, so an image started directly would be seen by
 * the host's wait and raise a signal there. In between stands a process that shares our memory,
 * never executes, and has no exit signal: only __WALL sees it. It starts the image as its own
 * child, waits for it and ends.
 */

static char *const bare[] = { (char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };

#define INSTALLED PREFIX "/bin/nsshim"

/* Returns only where neither can be executed: -1. */
static int execute(const char *image, char *const *argv, char *const *envp)
{
	if (image[0]) {
		sys_execve(image, argv, envp);
		if (errno != ENOENT && errno != EACCES && errno != ENOTDIR)
			return -1;
	}
	return sys_execve(INSTALLED, argv, envp);
}

static int not_executed(const char *image, int err, struct fault *f)
{
	fault_set(f, "execve", NS_KINDS, image[0] ? image : INSTALLED, err);
	fault_why(f, "the helper image, nsshim, belongs beside the library or into " PREFIX "/bin");
	return -1;
}

int helper_find(const char *image, struct fault *f)
{
	if ((image[0] && !sys_may_execute(AT_FDCWD, image, 0)) ||
	    !sys_may_execute(AT_FDCWD, INSTALLED, 0))
		return 0;
	return not_executed(image, errno, f);
}

int helper_become(const char *image, char *const *argv, char *const *envp, struct fault *f)
{
	execute(image, argv, envp ? envp : bare);
	return not_executed(image, errno, f);
}

/* A host may lack standard descriptors: neither end may be taken for one, here or in the image. */
static int above_standard(int fd)
{
	int up;

	if (fd < 0 || fd > STDERR_FILENO)
		return fd;
	up = (int)sys_fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	sys_close(fd);
	return up;
}

struct helper *helper_open(void)
{
	struct helper *h =
		mmap(NULL, sizeof *h, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const struct timeval patience = { .tv_sec = 60 };
	int pair[2] = { -1, -1 };
	int err = ENOMEM;
	struct text t;

	if (h == MAP_FAILED) {
		errno = err;
		return NULL;
	}
	h->keep = -1;
	if (!socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair)) {
		pair[0] = above_standard(pair[0]);
		pair[1] = above_standard(pair[1]);
	}
	err = errno;
	h->sock = pair[0];
	h->theirs = pair[1];
	if (h->sock < 0 || h->theirs < 0) {
		helper_end(h);
		errno = err;
		return NULL;
	}
	/* Signals are blocked meanwhile: a helper that hangs must not hang us for ever. */
	setsockopt(h->sock, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	t = text_in(h->number, sizeof h->number);
	text_num(&t, h->theirs);
	return h;
}

/* Runs on the lower part of the stack, in memory that the host shares: raw calls only. */
static int image(void *arg)
{
	struct helper *h = arg;

	syscall(SYS_fcntl, h->theirs, F_SETFD, 0);
	if (h->keep >= 0)
		syscall(SYS_fcntl, h->keep, F_SETFD, 0);
	execute(h->image, h->argv, h->envp);
	h->err = errno;
	syscall(SYS_exit, 127);
	return 0;
}

static int middle(void *arg)
{
	struct helper *h = arg;
	pid_t pid;

	/* It must not outlive us: the image then reads the end of its socket, and ends too. */
	syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
	if (syscall(SYS_getppid) != h->parent)
		syscall(SYS_exit, 1);
	sys_close(h->sock);
	pid = clone(image, h->stack + sizeof h->stack / 2, CLONE_VM | CLONE_VFORK | SIGCHLD, h);
	if (pid < 0)
		h->err = errno;
	sys_close(h->theirs); /* the image's end alone is left: when it ends, the host reads so */
	if (pid > 0)
		sys_reap(pid);
	syscall(SYS_exit, 0);
	return 0;
}

int helper_start(struct helper *h, const char *image_path, char *const *argv, char *const *envp,
		 struct fault *f)
{
	uint64_t mask;

	h->image = image_path;
	h->argv = argv;
	h->envp = envp ? envp : bare;
	h->parent = (pid_t)syscall(SYS_getpid);
	/* It is born with every signal blocked: no handler of the host's runs there. */
	signals_block(&mask);
	h->middle = clone(middle, h->stack + sizeof h->stack, CLONE_VM, h);
	signals_unblock(&mask);
	if (h->middle < 0) {
		h->middle = 0;
		return fault_set(f, "clone", NS_KINDS, NULL, errno);
	}
	sys_close(h->theirs);
	h->given = true;
	return 0;
}

int helper_ask(struct helper *h, struct fault *f)
{
	bool slow;
	ssize_t n;

	do
		n = syscall(SYS_recvfrom, h->sock, f, sizeof *f, MSG_TRUNC, NULL, NULL);
	while (n < 0 && errno == EINTR);
	if (n == (ssize_t)sizeof *f)
		return f->err || f->op[0] ? -1 : 0;
	slow = n < 0 && errno == EAGAIN;
	if (slow)
		syscall(SYS_kill, h->middle, SIGKILL);
	/* No answer. Once the middle has ended it is known whether the exec was the reason. */
	helper_wait(h);
	if (h->err)
		return not_executed(h->image, h->err, f);
	fault_set(f, "recv", NS_KINDS, h->image, slow ? ETIMEDOUT : EPROTO);
	fault_why(f, slow ? "the helper image has not answered within a minute"
			  : "the helper image ended without an answer, or is of another version");
	return -1;
}

int helper_go(struct helper *h)
{
	return syscall(SYS_sendto, h->sock, "", 1, MSG_NOSIGNAL, NULL, 0) == 1 ? 0 : -1;
}

void helper_wait(struct helper *h)
{
	if (h->middle)
		sys_reap(h->middle);
	h->middle = 0;
}

void helper_end(struct helper *h)
{
	if (h->theirs >= 0 && !h->given)
		sys_close(h->theirs);
	if (h->sock >= 0)
		sys_close(h->sock); /* an image that still waits for an answer ends */
	helper_wait(h);
	munmap(h, sizeof *h);
}

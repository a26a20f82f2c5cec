#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/helper.h"
#include "shim/sys.h"

/*
 * exec gives its process SIGCHLD as exit signal, so an image started directly would be seen by
 * the host's wait and raise a signal there. In between stands a process that shares our memory,
 * never executes, and has no exit signal: only __WALL sees it. It starts the image as its own
 * child, waits for it and ends.
 */

static char *const bare[] = { (char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };

int helper_become(const char *image, char *const *argv, char *const *envp)
{
	if (image[0]) {
		syscall(SYS_execve, image, argv, envp);
		if (errno != ENOENT && errno != EACCES && errno != ENOTDIR)
			return -1;
	}
	return (int)syscall(SYS_execve, PREFIX "/bin/nsshim", argv, envp);
}

int helper_open(struct helper *h)
{
	int pair[2];
	struct text t;

	h->middle = 0;
	h->err = 0;
	h->sock = h->keep = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -1;
	h->sock = pair[0];
	h->theirs = pair[1];
	/* A host without standard descriptors: the image must not take this one for its own. */
	if (h->theirs <= STDERR_FILENO) {
		h->theirs = fcntl(pair[1], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
		sys_close(pair[1]);
		if (h->theirs < 0) {
			sys_close(pair[0]);
			h->sock = -1;
			return -1;
		}
	}
	t = text_in(h->number, sizeof h->number);
	text_num(&t, h->theirs);
	return 0;
}

/* Runs on the lower part of the stack, in memory that the host shares: raw calls only. */
static int image(void *arg)
{
	struct helper *h = arg;

	syscall(SYS_fcntl, h->theirs, F_SETFD, 0);
	if (h->keep >= 0)
		syscall(SYS_fcntl, h->keep, F_SETFD, 0);
	helper_become(h->image, h->argv, h->envp);
	h->err = errno;
	syscall(SYS_exit, 127);
	return 0;
}

static int middle(void *arg)
{
	struct helper *h = arg;
	pid_t pid;

	sys_close(h->sock);
	pid = clone(image, h->stack + HELPER_STACK / 2, CLONE_VM | CLONE_VFORK | SIGCHLD, h);
	if (pid < 0)
		h->err = errno;
	sys_close(h->theirs); /* the image's end alone is left: when it ends, the host reads so */
	while (pid > 0 && syscall(SYS_wait4, pid, NULL, __WALL, NULL) < 0 && errno == EINTR)
		;
	syscall(SYS_exit, 0);
	return 0;
}

int helper_start(struct helper *h, const char *image_path, char *const *argv, char *const *envp,
		 struct fault *f)
{
	h->image = image_path;
	h->argv = argv;
	h->envp = envp ? envp : bare;
	sys_block(&h->mask);
	h->middle = clone(middle, h->stack + HELPER_STACK, CLONE_VM, h);
	if (h->middle < 0) {
		fault_set(f, "clone", NS_KINDS, NULL, errno);
		h->middle = 0;
		sys_unblock(&h->mask);
		sys_close(h->theirs);
		sys_close(h->sock);
		h->sock = -1;
		return -1;
	}
	sys_close(h->theirs);
	return 0;
}

int helper_ask(struct helper *h, struct fault *f)
{
	ssize_t n;

	do
		n = syscall(SYS_recvfrom, h->sock, f, sizeof *f, MSG_TRUNC, NULL, NULL);
	while (n < 0 && errno == EINTR);
	if (n == (ssize_t)sizeof *f)
		return f->err || f->op[0] ? -1 : 0;
	/* No answer. Once the middle has ended it is known whether the exec was the reason. */
	while (syscall(SYS_wait4, h->middle, NULL, __WALL, NULL) < 0 && errno == EINTR)
		;
	h->middle = 0;
	fault_set(f, "execve", NS_KINDS, h->image[0] ? h->image : PREFIX "/bin/nsshim",
		  h->err ? h->err : EPROTO);
	fault_why(f, h->err ? "the helper image, nsshim, belongs beside the library or into " PREFIX
			      "/bin"
			    : "the helper image ended without an answer, or is of another version");
	return -1;
}

int helper_go(struct helper *h)
{
	return syscall(SYS_sendto, h->sock, "", 1, MSG_NOSIGNAL, NULL, 0) == 1 ? 0 : -1;
}

void helper_end(struct helper *h)
{
	sys_close(h->sock); /* an image that still waits for an answer ends */
	h->sock = -1;
	while (h->middle && syscall(SYS_wait4, h->middle, NULL, __WALL, NULL) < 0 && errno == EINTR)
		;
	h->middle = 0;
	sys_unblock(&h->mask);
}

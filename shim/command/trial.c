#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shim/command/trial.h"
#include "shim/refusal.h"
#include "shim/sys.h"

static int create(struct fault *f)
{
	if (!sys_unshare(CLONE_NEWUSER))
		return 0;
	fault_set(f, "unshare", NS_USER, NULL, errno);
	if (f->err == ENOSPC || f->err == EUSERS)
		refusal_used_up(f, "user");
	else
		refusal_user(f);
	return -1;
}

/* In a child, which says by its exit status how it went. */
int trial_user(struct fault *f)
{
	struct fault *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
				    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child;
	int status = 1;

	if (shared == MAP_FAILED)
		return fault_set(f, "mmap", NS_KINDS, NULL, errno);
	signal(SIGCHLD, SIG_DFL); /* ignored, it would take the child's status along */
	child = fork();
	if (!child)
		_exit(create(shared) ? 1 : 0);
	if (child < 0)
		fault_set(shared, "fork", NS_KINDS, NULL, errno);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (child > 0 && status && !shared->err)
		fault_set(shared, "try", NS_KINDS, NULL, EPROTO);
	*f = *shared;
	munmap(shared, sizeof *shared);
	return status || child < 0 ? -1 : 0;
}

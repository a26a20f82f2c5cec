#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/helper.h"
#include "shim/sets/sets.h"
#include "shim/step.h"
#include "shim/sys.h"
#include "shim/token.h"

/*
 * A set that was made ahead costs no question: the kernel gives each token of the fifo to one
 * reader. Whatever is not as it should be is no fault: the set is made in place, as without a pool.
 */

enum taken { TAKEN, NONE_READY, NO_POOL };

static bool is_process(int pidfd, const struct token *t)
{
	struct stat st;

	return !fstat(pidfd, &st) && st.st_ino == t->inode;
}

static enum taken take(struct entry *e, int flags, const char *path)
{
	struct token t;
	int fifo = (int)syscall(SYS_openat, AT_FDCWD, path,
				O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC, 0);
	ssize_t n = fifo < 0 ? 0 : syscall(SYS_read, fifo, &t, sizeof t);
	int holder;

	if (fifo >= 0)
		sys_close(fifo);
	/* The end of a fifo: nobody has it open for writing. */
	if (!n)
		return NO_POOL;
	if (n != (ssize_t)sizeof t)
		return NONE_READY;
	holder = sys_pidfd_open((pid_t)t.pid);
	if (holder < 0)
		return NONE_READY;
	if (is_process(holder, &t) && !sys_setns(holder, flags)) {
		e->left |= flags;
		e->taken = flags;
		syscall(SYS_pidfd_send_signal, holder, SIGKILL, NULL, 0);
	}
	sys_close(holder);
	return e->taken ? TAKEN : NONE_READY;
}

/* Not waited for: this program has its set made sooner than the pool has. */
static void start_pool(const struct entry *e, const struct sockaddr_un *at, const char *name)
{
	struct helper *h = helper_open();
	struct fault unheard;
	char *argv[SETS_ARGS + 1];

	if (!h)
		return;
	sets_arguments(argv, "--pool", h->number, e->home, e->plan->rule, name);
	syscall(SYS_unlinkat, AT_FDCWD, at->sun_path, 0);
	if (!helper_start(h, e->home->image, argv, NULL, &unheard))
		helper_wait(h);
	helper_end(h);
}

/* Have pidfds inodes of their own (shim/token.h)? */
static bool has_inodes(void)
{
	enum { PIDFS = 0x50494446 };
	int self = sys_pidfd_self();
	struct statfs fs;
	bool has;

	has = self >= 0 && !fstatfs(self, &fs) && fs.f_type == PIDFS;
	if (self >= 0)
		sys_close(self);
	return has;
}

/*
 * One of those that find no pool starts it, unless the wrapped program, for which it is, has gone,
 * or the kernel is too old.
 */
static void look_again(struct entry *e, int flags, const struct sockaddr_un *at, const char *name)
{
	struct tree tree;
	int lock;

	sets_tree(&tree, e->home->place);
	if ((syscall(SYS_kill, tree.pid, 0) && errno == ESRCH) || !has_inodes())
		return;
	lock = sets_open_lock(at);
	if (lock >= 0 && !sets_lock(lock, name) && take(e, flags, at->sun_path) == NO_POOL)
		start_pool(e, at, name);
	if (lock >= 0)
		sys_close(lock);
}

int step_ahead(struct entry *e, const struct step *s, struct fault *f)
{
	char name[SETS_NAME];
	struct sockaddr_un at;
	struct creds creds;

	enter_creds(&creds);
	if (!sets_name(name, e->plan->rule, &creds, e->home->place, f) &&
	    !sets_address(&at, e->home->place, name, f) &&
	    take(e, s->flags, at.sun_path) == NO_POOL)
		look_again(e, s->flags, &at, name);
	f->op[0] = '\0';
	return 0;
}

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "shim/descriptors.h"
#include "shim/sets/post.h"
#include "shim/process.h"
#include "shim/sets/sets.h"
#include "shim/sets/sweep.h"
#include "shim/sys.h"

int post_open(struct post *p, const char *place, const char *name, struct fault *f)
{
	struct sockaddr_un at;
	char dir[SETS_PATH];

	p->name = name;
	if (sets_dir(dir, place, f) || sets_address(&at, place, name, f))
		return -1;
	p->dir = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	p->lock = sets_open_lock(&at);
	if (p->dir < 0 || p->lock < 0)
		return fault_set(f, "open", NS_KINDS, dir, errno);
	sweep(dir, name);
	return 0;
}

static void find_name(struct post *p)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(p->temporary, sizeof p->temporary, ".%s.%d.%lld%09ld", strchr(p->name, '@'),
		 (int)getpid(), (long long)now.tv_sec, now.tv_nsec);
}

/* Of who has none any more: who looks for it would find another's. */
static int know_file(struct post *p)
{
	return fstatat(p->dir, p->temporary, &p->file, AT_SYMLINK_NOFOLLOW);
}

int post_socket(struct post *p)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	find_name(p);
	memcpy(at.sun_path, p->temporary, sizeof p->temporary);
	/* Relative: the path of the directory may be out of reach, or too long. */
	if (fd < 0 || fchdir(p->dir) || bind(fd, (struct sockaddr *)&at, sizeof at) ||
	    know_file(p) || chdir("/"))
		return -1;
	return fd;
}

int post_fifo(struct post *p)
{
	find_name(p);
	if (mkfifoat(p->dir, p->temporary, 0600) || know_file(p))
		return -1;
	return openat(p->dir, p->temporary, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
}

/* A link, unlike a rename, takes the name from nobody. */
int post_publish(struct post *p)
{
	int err = linkat(p->dir, p->temporary, p->dir, p->name, 0) ? errno : 0;

	post_give_up(p);
	errno = err;
	return err ? -1 : 0;
}

void post_give_up(struct post *p)
{
	if (p->temporary[0])
		unlinkat(p->dir, p->temporary, 0);
	p->temporary[0] = '\0';
}

void post_lock(const struct post *p)
{
	while (sets_lock(p->lock, p->name) && (errno == EAGAIN || errno == EACCES))
		nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
}

void post_unlock(const struct post *p)
{
	sets_unlock(p->lock, p->name);
}

/* What is found under the name may be another's, where this one was thought to have ended. */
void post_withdraw(const struct post *p)
{
	struct stat st;

	if (!fstatat(p->dir, p->name, &st, AT_SYMLINK_NOFOLLOW) && st.st_ino == p->file.st_ino &&
	    st.st_dev == p->file.st_dev)
		unlinkat(p->dir, p->name, 0);
}

int post_leave_host(int sock)
{
	struct rlimit files;
	int null;

	if (sock > 3)
		sock = dup3(sock, 3, O_CLOEXEC);
	fcntl(sock, F_SETFD, FD_CLOEXEC);
	descriptors_close(4, -1);
	for (int fd = 0; fd < 3; fd++)
		close(fd);
	null = open("/dev/null", O_RDWR);
	if (null >= 0) {
		dup2(null, 1);
		dup2(null, 2);
	}
	if (!getrlimit(RLIMIT_NOFILE, &files)) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	umask(077);
	/* Nothing here is urgent: it takes no processor from those who start programs. */
	sched_setscheduler(0, SCHED_BATCH, &(struct sched_param){ 0 });
	return sock;
}

/* A later process of its number began later. */
int post_find_tree(const struct tree *tree)
{
	unsigned long long start;
	int fd = tree->pid ? sys_pidfd_open((pid_t)tree->pid) : -1;

	/* The ticks are cut off. */
	if (fd >= 0 && !process_start((pid_t)tree->pid, &start) &&
	    start * (1000000000 / PROCESS_TICKS) <= tree->since)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

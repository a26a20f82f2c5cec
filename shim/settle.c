#define _GNU_SOURCE
#include <errno.h>
#include <net/if.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "shim/step.h"
#include "shim/sys.h"

int step_private(struct entry *e, const struct step *s, struct fault *f)
{
	(void)e;
	if (!mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return 0;
	return fault_set(f, "mount", s->kind, "/", errno);
}

/* Any family answers the interface ioctls (netdevice(7)); this one every kernel has. */
int step_loopback(struct entry *e, const struct step *s, struct fault *f)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int r;

	(void)e;
	if (fd < 0)
		return fault_set(f, "socket", s->kind, NULL, errno);
	r = ioctl(fd, SIOCSIFFLAGS, &lo) ? errno : 0;
	sys_close(fd);
	return r ? fault_set(f, "ioctl", s->kind, "lo", r) : 0;
}

/* A change of ids clears both (prctl(2)); the memory may be the host's, whose dumpable flag stays.
 */
static void after_ids(int death, int dumpable)
{
	if (death)
		prctl(PR_SET_PDEATHSIG, death);
	if (dumpable == 1 && prctl(PR_GET_DUMPABLE) != 1)
		prctl(PR_SET_DUMPABLE, 1);
}

/*
 * An id that is mapped inside stays, one that is not becomes 0 where that is mapped (as nsenter).
 * Whether it is mapped the kernel tells by taking the id that is shown: EINVAL means it is not.
 */
int step_ids(struct entry *e, const struct step *s, struct fault *f)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	int death = 0;
	int dumpable = prctl(PR_GET_DUMPABLE);
	int failed = 0;

	(void)e;
	prctl(PR_GET_PDEATHSIG, &death);
	/* The group first: the user may take the capability to change it along. */
	if (sys_setresgid((gid_t)-1, gid, (gid_t)-1) && errno == EINVAL && sys_setresgid(0, 0, 0) &&
	    errno != EINVAL)
		failed = fault_set(f, "setresgid", s->kind, NULL, errno);
	else if (sys_setresuid((uid_t)-1, uid, (uid_t)-1) && errno == EINVAL &&
		 sys_setresuid(0, 0, 0) && errno != EINVAL)
		failed = fault_set(f, "setresuid", s->kind, NULL, errno);
	after_ids(death, dumpable);
	return failed;
}

int step_cwd(struct entry *e, const struct step *s, struct fault *f)
{
	const char *path = s->path ? s->path : e->where;

	/* "(unreachable)/...": getcwd(3). */
	if (!path || path[0] != '/')
		return fault_set(f, "getcwd", s->kind, path, ENOENT);
	return chdir(path) ? fault_set(f, "chdir", s->kind, path, errno) : 0;
}

/* As execve(2) does for an id that is not 0 and a program without file capabilities. */
int step_caps(struct entry *e, const struct step *s, struct fault *f)
{
	if (geteuid() && sys_drop_capabilities())
		return fault_set(f, "capset", s->kind, NULL, errno);
	/* What was hidden while it stood half inside is a process of the namespace's by now. */
	if (e->dumpable > 0)
		prctl(PR_SET_DUMPABLE, e->dumpable);
	return 0;
}

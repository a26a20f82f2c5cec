#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/securebits.h>
#include <net/if.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/step.h"
#include "shim/sys.h"
#include "shim/inner/system.h"

enum { MAP_READ = 256 };

int step_private(struct entry *e, const struct step *s, struct fault *f)
{
	enum rule_propagation p = e->plan->rule->propagation;
	unsigned long how = p == PROPAGATION_SLAVE    ? MS_SLAVE
			    : p == PROPAGATION_SHARED ? MS_SHARED
						      : MS_PRIVATE;

	if (!mount(NULL, "/", NULL, MS_REC | how, NULL))
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

/* The next decimal number of a text that is read piece by piece; false at its end. */
static bool next_number(int fd, char *buf, ssize_t *have, ssize_t *at, unsigned long *n)
{
	bool any = false;

	for (*n = 0;; ++*at) {
		if (*at == *have) {
			*at = 0;
			*have = syscall(SYS_read, fd, buf, MAP_READ);
			if (*have <= 0)
				return any;
		}
		if (buf[*at] >= '0' && buf[*at] <= '9') {
			*n = 10 * *n + (unsigned)(buf[*at] - '0');
			any = true;
		} else if (any) {
			return true;
		}
	}
}

/* Does the map say that `outside`, an id of the parent namespace, is `inside` here? */
static bool maps(const struct entry *e, const char *path, unsigned long inside,
		 unsigned long outside)
{
	char buf[MAP_READ];
	ssize_t have = 0, at = 0;
	unsigned long in, out, count;
	int fd = entry_open(e, path);
	bool found = false;

	while (fd >= 0 && !found && next_number(fd, buf, &have, &at, &in) &&
	       next_number(fd, buf, &have, &at, &out) && next_number(fd, buf, &have, &at, &count))
		found = inside >= in && inside - in < count && outside == out + (inside - in);
	if (fd >= 0)
		sys_close(fd);
	return found;
}

/*
 * An id that shows as the overflow id has most often no mapping; but that id may itself be mapped,
 * and to take it would be to become somebody else. Only the map tells.
 */
static bool mapped(const struct entry *e, const char *map, unsigned long now, unsigned long before)
{
	return now != SYS_OVERFLOW_ID || maps(e, map, now, before);
}

/*
 * An id that is mapped inside stays, one that is not becomes 0 where that is mapped (as nsenter).
 */
int step_ids(struct entry *e, const struct step *s, struct fault *f)
{
	int failed = 0;

	/* The group first: the user may take the capability to change it along. EINVAL: no 0
	   there. */
	if (!mapped(e, "/proc/self/gid_map", getegid(), e->gid) && sys_setresgid(0, 0, 0) &&
	    errno != EINVAL)
		failed = fault_set(f, "setresgid", s->kind, NULL, errno);
	else if (!mapped(e, "/proc/self/uid_map", geteuid(), e->uid) && sys_setresuid(0, 0, 0) &&
		 errno != EINVAL)
		failed = fault_set(f, "setresuid", s->kind, NULL, errno);
	/* A change of ids clears it (prctl(2)). */
	if (e->death)
		prctl(PR_SET_PDEATHSIG, e->death);
	return failed;
}

/*
 * As execve(2) does for an id that is not 0, or for 0 where that is nobody in particular, and a
 * program without file capabilities.
 */
int step_caps(struct entry *e, const struct step *s, struct fault *f)
{
	bool noroot = prctl(PR_GET_SECUREBITS) & SECBIT_NOROOT;

	(void)e;
	if ((geteuid() || noroot) && sys_drop_capabilities())
		return fault_set(f, "capset", s->kind, NULL, errno);
	return 0;
}

int step_proc(struct entry *e, const struct step *s, struct fault *f)
{
	if (e->files.base >= 0)
		return system_proc(&e->files, f);
	if (!mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL))
		return 0;
	return fault_set(f, "mount", s->kind, "/proc", errno);
}

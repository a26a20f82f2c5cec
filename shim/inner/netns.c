#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/inner/netns.h"
#include "shim/step.h"
#include "shim/sys.h"

#define RUN "/run/netns/"

static const char etc[] = "/etc/netns/";

enum { FOLDER = sizeof etc + NAME_MAX };

static const char *folder_of(const struct ns_spec *n, char buf[FOLDER])
{
	struct text t = text_in(buf, FOLDER);

	text_str(&t, etc);
	text_str(&t, n->path + strlen(RUN));
	return buf;
}

bool netns_has_files(const struct ns_spec *n)
{
	char path[FOLDER];

	return !access(folder_of(n, path), F_OK);
}

/* From the working directory, which is where the file lies. As ip-netns(8), links are followed. */
static int cover(const char *name, struct fault *f)
{
	char to[sizeof "/etc/" + NAME_MAX];
	struct text t = text_in(to, sizeof to);

	text_str(&t, "/etc/");
	text_str(&t, name);
	if (!mount(name, to, NULL, MS_BIND, NULL))
		return 0;
	fault_set(f, "mount", NS_MNT, to, errno);
	if (f->err == ENOENT)
		fault_why(f, "the network has a file of that name in /etc/netns, and there is none "
			     "in /etc that it could cover: create one");
	else if (f->err == ENOTDIR)
		fault_why(f, "of the one in /etc and the one in /etc/netns only one is a folder");
	return -1;
}

/* What the kernel writes for getdents64(2). */
struct record {
	uint64_t ino, off;
	unsigned short len;
	unsigned char type;
	char name[];
};

static int cover_all(int dir, const char *path, struct fault *f)
{
	_Alignas(struct record) char buf[768];
	long n;

	while ((n = syscall(SYS_getdents64, dir, buf, sizeof buf)) > 0)
		for (char *at = buf; at < buf + n; at += ((struct record *)at)->len) {
			const char *name = ((struct record *)at)->name;

			if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && cover(name, f))
				return -1;
		}
	return n ? fault_set(f, "getdents64", NS_MNT, path, errno) : 0;
}

static int files(const struct ns_spec *n, struct fault *f)
{
	char path[FOLDER];
	int dir = sys_open(folder_of(n, path), O_RDONLY | O_DIRECTORY), here = -1, r;

	if (dir < 0)
		return errno == ENOENT ? 0 : fault_set(f, "open", NS_MNT, path, errno);
	r = sys_check_trust(dir, path, f);
	if (!r) {
		here = sys_open(".", O_PATH | O_DIRECTORY);
		r = here < 0 ? fault_set(f, "open", NS_MNT, ".", errno) : 0;
	}
	if (!r && fchdir(dir))
		r = fault_set(f, "fchdir", NS_MNT, path, errno);
	if (!r)
		r = cover_all(dir, path, f);
	if (here >= 0 && fchdir(here) && !r)
		r = fault_set(f, "fchdir", NS_MNT, ".", errno);
	if (here >= 0)
		sys_close(here);
	sys_close(dir);
	return r;
}

/*
 * It shows the network of who mounts it. A container whose own is covered in part may not have
 * another (EPERM): then it stays that one's, which gives nothing away that was not to be seen.
 */
static int sys(struct fault *f)
{
	struct statfs now;
	unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;

	if (statfs("/sys", &now))
		return 0;
	if (now.f_flags & MS_RDONLY)
		flags |= MS_RDONLY;
	if (!mount("sysfs", "/sys", "sysfs", flags, NULL) || errno == EPERM)
		return 0;
	return fault_set(f, "mount", NS_MNT, "/sys", errno);
}

int step_netns(struct entry *e, const struct step *s, struct fault *f)
{
	(void)s;
	return sys(f) || files(rule_netns(e->plan->rule), f) ? -1 : 0;
}

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "conf/digest.h"
#include "conf/text.h"
#include "shim/sets/sets.h"
#include "shim/sys.h"

#define LOCK "/lock"

void sets_tree(struct tree *tree, const char *place)
{
	*tree = (struct tree){ 0 };
	mark_tree_read(tree, &place);
}

static void hexadecimal(struct text *t, uint64_t n)
{
	for (int shift = 60; shift >= 0; shift -= 4)
		text_bytes(t, &"0123456789abcdef"[n >> shift & 15], 1);
}

int sets_name(char name[SETS_NAME], const struct rule *rule, const struct creds *creds,
	      const char *place, struct fault *f)
{
	struct text t = text_in(name, SETS_NAME);
	uint64_t with[4] = { 0 };
	struct tree tree;

	sets_tree(&tree, place);
	if (!rule->share.by_user && !tree.pid) {
		fault_set(f, rule->share.name ? "share" : "pool", NS_KINDS, rule->share.name,
			  ESRCH);
		fault_why(f, "the program was started past the library, which does not know of "
			     "what tree it is: set NSSHIM_PROFILE for the wrapped program, or "
			     "share by `user`");
		return -1;
	}
	if (!rule->share.by_user) {
		with[0] = tree.pid;
		with[1] = tree.since;
	}
	if (aim_of(rule, creds).user) {
		with[2] = creds->uid + 1ull; /* 0: there is none */
		with[3] = creds->gid;
	}
	text_str(&t, rule->share.name ? rule->share.name : SETS_POOL);
	text_str(&t, "@");
	hexadecimal(&t, digest_more(digest_rule(rule), with, sizeof with));
	return 0;
}

/* 1: it is there and mine; 0: it is not, and will not be; -1 and errno: there is no telling. */
static int is_mine(const char *dir)
{
	struct stat st;

	if (stat(dir, &st))
		return errno == ENOENT || errno == ENOTDIR || errno == EACCES ? 0 : -1;
	return S_ISDIR(st.st_mode) && st.st_uid == geteuid();
}

/*
 * What was handed down may be that of who has become somebody else since: root, or no more. A
 * failure is one: who passes a directory by for it would make a second set in another.
 */
static int path_of(struct text *t, char *dir, const char *place)
{
	const char *given = strchr(place, ':') + 1;
	int mine = given[0] ? is_mine(given) : 0;
	bool root = !geteuid();

	*t = text_in(dir, SETS_PATH);
	if (mine > 0) {
		text_str(t, given);
	} else if (!mine && root) {
		text_str(t, "/run");
	} else if (!mine) {
		text_str(t, "/run/user/");
		text_num(t, geteuid());
		mine = is_mine(dir);
	}
	if (mine < 0)
		return -1;
	if (mine || root) {
		text_str(t, "/nsshim");
		return 0;
	}
	*t = text_in(dir, SETS_PATH);
	text_str(t, "/tmp/nsshim-");
	text_num(t, geteuid());
	return 0;
}

static int too_long(const char *path, struct fault *f)
{
	fault_set(f, "connect", NS_KINDS, path, ENAMETOOLONG);
	fault_why(f, "a socket's path has 107 bytes at most: needs a shorter XDG_RUNTIME_DIR");
	return -1;
}

static int no_dir(struct fault *f, const char *op, const char *dir, int err)
{
	fault_set(f, op, NS_KINDS, dir, err);
	fault_why(f, "shared sets are found there: set XDG_RUNTIME_DIR to a directory of your own");
	return -1;
}

int sets_find(char dir[SETS_PATH], const char *place, struct fault *f)
{
	struct stat st;
	struct text t;

	if (path_of(&t, dir, place))
		return fault_set(f, "stat", NS_KINDS, "XDG_RUNTIME_DIR", errno);
	if (t.cut)
		return too_long(dir, f);
	if (fstatat(AT_FDCWD, dir, &st, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? 0 : no_dir(f, "stat", dir, errno);
	if (S_ISDIR(st.st_mode) && st.st_uid == geteuid() && !(st.st_mode & 077))
		return 1;
	fault_set(f, "share", NS_KINDS, dir, EPERM);
	fault_why(f, st.st_uid == geteuid()
			     ? "shared sets are found there, so it must be a directory that is "
			       "closed to all others: chmod 700"
			     : "shared sets are found there, and it belongs to somebody else: set "
			       "XDG_RUNTIME_DIR to a directory of your own");
	return -1;
}

int sets_dir(char dir[SETS_PATH], const char *place, struct fault *f)
{
	int there = sets_find(dir, place, f);

	if (there)
		return there < 0 ? -1 : 0;
	/* Another process may just have made it. */
	if (syscall(SYS_mkdirat, AT_FDCWD, dir, 0700) && errno != EEXIST)
		return no_dir(f, "mkdir", dir, errno);
	there = sets_find(dir, place, f);
	return there > 0 ? 0 : there ? -1 : no_dir(f, "mkdir", dir, ENOENT);
}

int sets_address(struct sockaddr_un *at, const char *place, const char *name, struct fault *f)
{
	char dir[SETS_PATH];
	struct text t = text_in(at->sun_path, sizeof at->sun_path);

	at->sun_family = AF_UNIX;
	if (sets_dir(dir, place, f))
		return -1;
	text_str(&t, dir);
	text_str(&t, "/");
	text_str(&t, name);
	return t.cut ? too_long(at->sun_path, f) : 0;
}

void sets_arguments(char *argv[SETS_ARGS + 1], const char *mode, const char *sock,
		    const struct home *home, const struct rule *rule, const char *name)
{
	argv[SETS_SELF] = (char *)"nsshim";
	argv[SETS_MODE] = (char *)mode;
	argv[SETS_SOCK] = (char *)sock;
	argv[SETS_PROFILE] = (char *)home->profile;
	argv[SETS_RULE] = (char *)rule->name;
	argv[SETS_PLACE] = (char *)home->place;
	argv[SETS_SET] = (char *)name;
	argv[SETS_ARGS] = NULL;
}

int sets_open_lock(const struct sockaddr_un *at)
{
	char path[SETS_PATH + sizeof LOCK];
	struct text t = text_in(path, sizeof path);

	text_bytes(&t, at->sun_path, (size_t)(strrchr(at->sun_path, '/') - at->sun_path));
	text_str(&t, LOCK);
	return (int)syscall(SYS_openat, AT_FDCWD, path,
			    O_RDWR | O_CREAT | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC,
			    0600);
}

/*
 * A byte of one file for each name: files of their own would have to be removed, by somebody who
 * then may remove one that another has just locked.
 */
static int lock_byte(int fd, const char *name, short type)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET, .l_len = 1 };
	uint64_t digest = 0;

	for (const char *at = strchr(name, '@') + 1; *at && *at != '.'; at++)
		digest = digest << 4 | (unsigned)((*at & 15) + (*at > '9' ? 9 : 0));
	lock.l_start = (off_t)(digest & INT32_MAX);
	return (int)sys_fcntl(fd, F_OFD_SETLK, (long)&lock);
}

int sets_lock(int fd, const char *name)
{
	return lock_byte(fd, name, F_WRLCK);
}

int sets_unlock(int fd, const char *name)
{
	return lock_byte(fd, name, F_UNLCK);
}

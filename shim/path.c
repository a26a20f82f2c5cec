#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/path.h"

enum { LINKS = 40 /* as the kernel: path_resolution(7) */ };

static char *fail(int err)
{
	errno = err;
	return NULL;
}

char *path_of(int fd, char *buf)
{
	static const char gone[] = " (deleted)";
	char link[32];
	struct text t = text_in(link, sizeof link);
	struct stat st;
	size_t len;
	ssize_t n;

	text_str(&t, "/proc/self/fd/");
	text_num(&t, fd);
	n = readlink(link, buf, PATH_MAX - 1);
	if (n < 0)
		return NULL;
	buf[n] = '\0';
	/* A file that was unlinked is the program that it was. */
	len = strlen(buf) > strlen(gone) ? strlen(buf) - strlen(gone) : 0;
	if (len && !strcmp(buf + len, gone) && !fstat(fd, &st) && !st.st_nlink)
		buf[len] = '\0';
	return buf;
}

char *path_self(char *buf)
{
	ssize_t n = readlink("/proc/self/exe", buf, PATH_MAX - 1);

	buf[n < 0 ? 0 : n] = '\0';
	return buf;
}

bool path_magic(const char *path)
{
	return !strncmp(path, "/proc/", 6) || !strncmp(path, "/dev/fd/", 8);
}

static char *of_cwd(char *buf)
{
	if (syscall(SYS_getcwd, buf, PATH_MAX) < 0)
		return NULL;
	return buf[0] == '/' ? buf : fail(ENOENT); /* "(unreachable)/...": getcwd(3) */
}

char *path_absolute(int dirfd, const char *path, char *buf)
{
	struct text t;

	if (path[0] == '/') {
		t = text_in(buf, PATH_MAX);
	} else {
		if (!(dirfd == AT_FDCWD ? of_cwd(buf) : path_of(dirfd, buf)))
			return NULL;
		if (!path[0])
			return buf;
		t = text_in(buf + strlen(buf), PATH_MAX - strlen(buf));
		if (t.at == buf || t.at[-1] != '/')
			text_str(&t, "/");
		while (path[0] == '.' && path[1] == '/')
			for (path += 2; *path == '/'; path++)
				;
	}
	text_str(&t, path);
	return t.cut ? fail(ENAMETOOLONG) : buf;
}

/* Takes the bytes from `from` up to `to` out of the path. */
static char *cut(char *from, const char *to)
{
	memmove(from, to, strlen(to) + 1);
	return from;
}

/*
 * Asks about the path up to `end`: the length of the link that it is, 0 where it is none, -1. It is
 * asked for `.` and `..` too: what stands before them must be a directory. The link's text is put
 * at the very end of buf, where *link then points: there is no room for it on a small stack.
 */
static ssize_t ask(char *buf, char *end, char **link)
{
	char *room = end + strlen(end) + 1;
	size_t size = (size_t)(buf + PATH_MAX - room);
	char kept = *end;
	ssize_t n;

	*end = '\0';
	n = readlink(buf, room, size);
	*end = kept;
	if (n < 0)
		return errno == EINVAL ? 0 : -1;
	if ((size_t)n == size) {
		errno = ENAMETOOLONG;
		return -1;
	}
	*link = memmove(buf + PATH_MAX - n, room, (size_t)n);
	return n;
}

/* Puts the link's text in the place of the component from start to end. False: it has no room. */
static bool expand(char *start, char *end, const char *link, size_t len)
{
	size_t rest = strlen(end) + 1;

	if (start + len + rest > link)
		return false;
	memmove(start + len, end, rest);
	memcpy(start, link, len);
	return true;
}

/* The parent of what ends at `at`, a slash: where the walk goes on after `..`. */
static char *up(char *buf, char *at)
{
	while (at > buf && *--at != '/')
		;
	return at;
}

/*
 * `at` stands at the slash before the next component; all before it is resolved. A link is put
 * in the place of its name and walked as if it had been written there.
 */
char *path_resolve(char *buf)
{
	char *link = NULL;
	int links = 0;
	char *at = buf;

	while (*at) {
		char *name = cut(at + 1, at + 1 + strspn(at + 1, "/"));
		size_t len = strcspn(name, "/");
		char *end = name + len;
		ssize_t n = ask(buf, end, &link);

		if (n < 0)
			return NULL;
		if (n > 0) {
			bool absolute = link[0] == '/';

			if (links++ == LINKS)
				return fail(ELOOP);
			if (!expand(absolute ? buf : name, end, link, (size_t)n))
				return fail(ENAMETOOLONG);
			at = absolute ? buf : at;
		} else if (len == 2 && !memcmp(name, "..", 2)) {
			at = cut(up(buf, at), end);
		} else if (!len || (len == 1 && name[0] == '.')) {
			at = cut(at, end);
		} else {
			at = end;
		}
	}
	return buf[0] ? buf : memcpy(buf, "/", 2);
}

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return !stat(a, &x) && !stat(b, &y) && x.st_ino == y.st_ino && x.st_dev == y.st_dev;
}

char *path_plain(const char *path, char *buf)
{
	text_copy(buf, PATH_MAX, path);
	return path_resolve(buf) && same_file(buf, path) ? buf : NULL;
}

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
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

/* The file of a descriptor, as the kernel names it. */
static char *of_descriptor(int fd, char *buf)
{
	char link[32];
	struct text t = text_in(link, sizeof link);
	ssize_t n;

	text_str(&t, "/proc/self/fd/");
	text_num(&t, fd);
	n = readlink(link, buf, PATH_MAX - 1);
	if (n < 0)
		return NULL;
	buf[n] = '\0';
	return buf;
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
		if (!(dirfd == AT_FDCWD ? of_cwd(buf) : of_descriptor(dirfd, buf)))
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

/* Puts the link's text in the place of the component that ends at `end`. Returns where to go on. */
static char *expand(char *buf, char *start, char *end, const char *link, size_t len)
{
	size_t rest = strlen(end);
	char *to = link[0] == '/' ? buf : start;

	if ((size_t)(to - buf) + len + rest >= PATH_MAX)
		return fail(ENAMETOOLONG);
	memmove(to + len, end, rest + 1);
	memcpy(to, link, len);
	return to;
}

/* Takes the bytes from `from` up to `to` out of the path. */
static char *cut(char *from, const char *to)
{
	memmove(from, to, strlen(to) + 1);
	return from;
}

/*
 * Asks about the path up to `end`: the length of the link that it is, 0 where it is none, -1. It is
 * asked for `.` and `..` too: what stands before them must be a directory.
 */
static ssize_t ask(char *buf, char *end, char *link, size_t size)
{
	char kept = *end;
	ssize_t n;

	*end = '\0';
	n = readlink(buf, link, size);
	*end = kept;
	if (n == (ssize_t)size) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return n < 0 && errno == EINVAL ? 0 : n;
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
	char link[1024];
	int links = 0;
	char *at = buf;

	while (*at) {
		char *name = at + 1 + strspn(at + 1, "/");
		char *end;
		size_t len;
		ssize_t n;

		name = cut(at + 1, name);
		len = strcspn(name, "/");
		end = name + len;
		n = ask(buf, end, link, sizeof link);
		if (n < 0)
			return NULL;
		if (n > 0) {
			if (links++ == LINKS)
				return fail(ELOOP);
			if (!expand(buf, name, end, link, (size_t)n))
				return NULL;
			at = link[0] == '/' ? buf : at;
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

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>

#include "conf/text.h"
#include "shim/format.h"
#include "shim/interp.h"
#include "shim/sys.h"

static int check_file(const char *path)
{
	return sys_may_execute(AT_FDCWD, path, 0) ? errno : 0;
}

int interp_check(const struct target *t, bool cloexec)
{
	/* It was a file a moment ago; who waits for a pipe's other end would do so for ever. */
	enum { HOW = O_RDONLY | O_NONBLOCK | O_NOCTTY };
	struct format format;
	char self[32];
	struct text link = text_in(self, sizeof self);
	int fd;

	/* The descriptor may be O_PATH, or one that is only written. */
	text_str(&link, "/proc/self/fd/");
	text_num(&link, t->dirfd);
	fd = t->path[0] ? sys_openat(t->dirfd, t->path, HOW) : sys_open(self, HOW);
	if (fd < 0)
		return 0; /* it may be executed, but not read: then nobody can tell */
	format_read(&format, fd);
	sys_close(fd);
	if (format.kind == FORMAT_SCRIPT && cloexec)
		return ENOENT;
	if (format.kind == FORMAT_SCRIPT && !format.interp[0])
		return ENOEXEC;
	return format.interp[0] ? check_file(format.interp) : 0;
}

#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "conf/pattern.h"
#include "conf/text.h"
#include "shim/choose.h"
#include "shim/env.h"
#include "shim/format.h"
#include "shim/loads.h"
#include "shim/sys.h"

extern char **environ;

/* Ids that differ mean secure-execution mode for every program; so do a file's own powers. */
static bool is_secure(void)
{
	return getuid() != geteuid() || getgid() != getegid();
}

/* A program whose loader is ld.so. A script is what its interpreter is; there may be five. */
static bool has_loader(const char *path, struct format *format)
{
	enum { DEEPEST = 5 };
	struct target t = { .dirfd = AT_FDCWD };
	char interp[FORMAT_INTERP + 1];

	for (int i = 0; i <= DEEPEST; i++) {
		int fd = sys_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);

		t.path = path;
		if (fd < 0 || target_has_power(&t)) {
			sys_close(fd);
			return false;
		}
		format_read(format, fd);
		sys_close(fd);
		if (format->kind != FORMAT_SCRIPT)
			return !strncmp(pattern_base(format->interp), "ld-", 3);
		path = memcpy(interp, format->interp, sizeof interp);
	}
	return false;
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* ld.so only says so where it does not find a library to be preloaded, and goes on without. */
static bool finds_library(const char *interp, char *const *envp, const char *library)
{
	const char *preload = env_value(envp, "LD_PRELOAD");
	size_t len = 0;
	const char *own = preload ? env_own_entry(preload, &len) : NULL;
	char path[PATH_MAX];
	struct text t = text_in(path, sizeof path);

	if (access(library, R_OK))
		return false;
	if (!own)
		return true; /* it will be put there by that path */
	/* musl's knows no $LIB, and has folders of its own. */
	if (!memchr(own, '/', len) || memchr(own, '$', len))
		return strncmp(pattern_base(interp), "ld-musl-", 8) != 0 &&
		       same_text(env_value(envp, "LD_LIBRARY_PATH"),
				 env_value(environ, "LD_LIBRARY_PATH"));
	text_bytes(&t, own, len);
	return !t.cut && !access(path, R_OK);
}

static bool may_load(const struct target *t, struct format *format)
{
	return t->dirfd == AT_FDCWD && !t->flags && choose_by_name(t->path) && !is_secure() &&
	       has_loader(t->path, format);
}

bool loads(const struct target *t, const char *library)
{
	struct format format;

	return may_load(t, &format) && format.kind == FORMAT_PROGRAM &&
	       finds_library(format.interp, t->envp, library);
}

bool loads_own(const struct target *t, const char *library)
{
	struct format program, format = { .kind = FORMAT_OTHER };
	int fd;

	if (!may_load(t, &program))
		return false;
	fd = sys_open(library, O_RDONLY | O_NONBLOCK);
	if (fd >= 0)
		format_read(&format, fd);
	sys_close(fd);
	return format.abi == program.abi;
}

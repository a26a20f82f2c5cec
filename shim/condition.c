#define _GNU_SOURCE
#include <limits.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "conf/pattern.h"
#include "shim/condition.h"
#include "shim/env.h"
#include "shim/path.h"
#include "shim/process.h"
#include "shim/scratch.h"
#include "shim/sys.h"

static bool env_is(const struct condition *c, char *const *envp)
{
	const char *value = envp ? env_value(envp, c->name) : NULL;

	return value && (!c->text || !strcmp(value, c->text));
}

static bool arg_fits(const struct condition *c, char *const *argv)
{
	return c->number < target_count(argv) && !sys_no_address(argv[c->number]) &&
	       pattern_fits(c->text, argv[c->number]);
}

/* Its file, or where the pattern has no slash that one's last component. Nobody knows: no. */
static bool parent_fits(const struct condition *c, bool loaded)
{
	char link[PROCESS_PATH], *path = scratch_path(SCRATCH_CWD);
	ssize_t n;

	if (!path)
		return false;
	process_path(loaded ? (pid_t)syscall(SYS_getppid) : (pid_t)syscall(SYS_getpid), "/", "exe",
		     link);
	n = readlink(link, path, PATH_MAX - 1);
	if (n < 0)
		return false;
	path[n] = '\0';
	return pattern_fits(c->text, strchr(c->text, '/') ? path : pattern_base(path));
}

/* As isatty(3). */
static bool is_terminal(void)
{
	struct termios t;

	return !ioctl(STDIN_FILENO, TCGETS, &t);
}

static bool holds(const struct condition *c, const struct target *t, bool loaded)
{
	switch (c->kind) {
	case IF_UID:
		return geteuid() == c->number;
	case IF_ENV:
		return env_is(c, t->envp);
	case IF_PARENT:
		return parent_fits(c, loaded);
	case IF_ARG:
		return arg_fits(c, t->argv);
	case IF_TTY:
		return is_terminal();
	case IF_NOT_ROOT:
		return geteuid() != 0;
	}
	return false;
}

const struct condition *condition_missed(const struct rule *r, const struct target *t, bool loaded)
{
	for (unsigned i = 0; i < r->conditions; i++)
		if (!holds(&r->only_if[i], t, loaded))
			return &r->only_if[i];
	return NULL;
}

bool condition_holds(const struct rule *r, const struct target *t, bool loaded)
{
	return !condition_missed(r, t, loaded);
}

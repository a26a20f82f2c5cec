/* The words of spawn-parity's table that prepare a call: what each does. */
#ifndef TESTS_PROG_SPAWN_WORDS_H
#define TESTS_PROG_SPAWN_WORDS_H

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static posix_spawn_file_actions_t actions;
static posix_spawnattr_t attr;
static bool with_actions, with_attr, null_pid, copy;
static short flags;
static int times = 1, argc;
static char **argv, **envp, *env_own[8];

static void must(bool right, const char *what)
{
	if (right)
		return;
	printf(" %s: %s\n", what, strerror(errno));
	fflush(stdout);
	_exit(1);
}

#include "tests/prog/spawn-terminal.h"

static unsigned long set_of(const char *s)
{
	unsigned long set = 0;

	if (!strcmp(s, "all"))
		return ~0ul;
	for (char *end; *s; s = *end ? end + 1 : end)
		set |= 1ul << (strtol(s, &end, 10) - 1);
	return set;
}

static sigset_t *raw_set(const char *s)
{
	static sigset_t set;
	unsigned long bits = set_of(s);

	memset(&set, 0, sizeof set);
	memcpy(&set, &bits, sizeof bits);
	return &set;
}

static void handler(int sig)
{
	(void)sig;
}

static void handle(const char *set, void (*how)(int))
{
	for (int sig = 1; sig < 65; sig++)
		if (set_of(set) >> (sig - 1) & 1)
			signal(sig, how);
}

static void block(const char *s)
{
	unsigned long set = set_of(s);

	must(!syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, NULL, sizeof set), "block");
}

static void open_at(const char *s)
{
	int fd = open("bin/report", O_RDONLY), to = atoi(s);

	must(dup3(fd, to, strchr(s, ',') ? O_CLOEXEC : 0) == to, "fd");
	close(fd);
}

static void set_limit(int n)
{
	struct rlimit l;

	must(!getrlimit(RLIMIT_NOFILE, &l), "limit");
	l.rlim_cur = (rlim_t)n;
	must(!setrlimit(RLIMIT_NOFILE, &l), "limit");
}

static void set_ids(const char *s)
{
	uid_t real = (uid_t)atoi(s), effective = (uid_t)atoi(strchr(s, ',') + 1);

	must(!setresgid(real, effective, effective) && !setresuid(real, effective, effective),
	     "ids");
}

/* The value where `word` is KEY=VALUE, the end of it where it is KEY alone. */
static char *is(char *word, const char *key)
{
	size_t n = strlen(key);

	if (strncmp(word, key, n) != 0 || (word[n] && word[n] != '='))
		return NULL;
	return word[n] ? word + n + 1 : word + n;
}

static bool do_caller(char *word)
{
	char *v;

	if ((v = is(word, "ignore")))
		handle(v, SIG_IGN);
	else if ((v = is(word, "handle")))
		handle(v, handler);
	else if ((v = is(word, "block")))
		block(v);
	else if ((v = is(word, "limit")))
		set_limit(atoi(v));
	else if (is(word, "fill"))
		while (open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0)
			;
	else if ((v = is(word, "fd")))
		open_at(v);
	else if ((v = is(word, "cd")))
		must(!chdir(v), v);
	else if ((v = is(word, "PATH")))
		setenv("PATH", v, 1);
	else if (is(word, "no-PATH"))
		unsetenv("PATH");
	else if (is(word, "pty"))
		have_terminal();
	else if (is(word, "background"))
		go_background();
	else if (is(word, "terminal"))
		make_terminal("terminal");
	else if ((v = is(word, "nice")))
		must(nice(atoi(v)) >= 0, "nice");
	else if ((v = is(word, "busy")))
		must(open(v, O_RDWR | O_CLOEXEC) >= 0, v);
	else if ((v = is(word, "dumpable")))
		prctl(PR_SET_DUMPABLE, atoi(v));
	else if ((v = is(word, "ids")))
		set_ids(v);
	else
		return false;
	return true;
}

static int add(char *word)
{
	int n[3] = { 0 }, at = 0;
	char *v;

	with_actions = true;
	if ((v = is(word, "+chdir")))
		return posix_spawn_file_actions_addchdir_np(&actions, v);
	v = strchr(word, '=') + 1;
	sscanf(v, "%i,%i,%i,%n", &n[0], &n[1], &n[2], &at);
	if (is(word, "+close"))
		return posix_spawn_file_actions_addclose(&actions, n[0]);
	if (is(word, "+dup"))
		return posix_spawn_file_actions_adddup2(&actions, n[0], n[1]);
	if (is(word, "+open"))
		return posix_spawn_file_actions_addopen(&actions, n[0], v + at, n[1], (mode_t)n[2]);
	if (is(word, "+fchdir"))
		return posix_spawn_file_actions_addfchdir_np(&actions, n[0]);
	if (is(word, "+closefrom"))
		return posix_spawn_file_actions_addclosefrom_np(&actions, n[0]);
	must(is(word, "+tcsetpgrp"), word);
	return posix_spawn_file_actions_addtcsetpgrp_np(&actions, n[0]);
}

static int set(char *word)
{
	struct sched_param param = { 0 };
	char *v;

	with_attr = true;
	if ((v = is(word, "@pgroup"))) {
		flags |= POSIX_SPAWN_SETPGROUP;
		posix_spawnattr_setpgroup(&attr, atoi(v));
	} else if ((v = is(word, "@mask"))) {
		flags |= POSIX_SPAWN_SETSIGMASK;
		posix_spawnattr_setsigmask(&attr, raw_set(v));
	} else if ((v = is(word, "@default"))) {
		flags |= POSIX_SPAWN_SETSIGDEF;
		posix_spawnattr_setsigdefault(&attr, raw_set(v));
	} else if ((v = is(word, "@param"))) {
		flags |= POSIX_SPAWN_SETSCHEDPARAM;
		param.sched_priority = atoi(v);
		posix_spawnattr_setschedparam(&attr, &param);
	} else if ((v = is(word, "@sched"))) {
		flags |= POSIX_SPAWN_SETSCHEDULER;
		param.sched_priority = atoi(strchr(v, ',') + 1);
		posix_spawnattr_setschedparam(&attr, &param);
		if (posix_spawnattr_setschedpolicy(&attr, atoi(v)))
			return EINVAL;
	} else if (is(word, "@setsid")) {
		flags |= POSIX_SPAWN_SETSID;
	} else if (is(word, "@resetids")) {
		flags |= POSIX_SPAWN_RESETIDS;
	} else if (is(word, "@usevfork")) {
		flags |= POSIX_SPAWN_USEVFORK;
	} else {
		flags |= (short)strtol(word + 1, NULL, 0);
	}
	return posix_spawnattr_setflags(&attr, flags);
}

static char **more_arguments(int n, char *arg)
{
	argv = realloc(argv, sizeof(char *) * (size_t)(argc + n + 1));
	for (int i = 0; i < n; i++)
		argv[argc++] = arg;
	argv[argc] = NULL;
	return argv;
}

static void own_environment(char *entry)
{
	static int n;

	envp = env_own;
	if (entry)
		env_own[n++] = entry;
}

static bool do_shape(char *word)
{
	char *v;

	if ((v = is(word, "args")))
		more_arguments(atoi(v), "argument");
	else if ((v = is(word, "long")))
		more_arguments(1, memset(calloc((size_t)atoi(v) + 1, 1), 'l', (size_t)atoi(v)));
	else if ((v = is(word, "argv0")))
		argv[0] = v;
	else if (is(word, "no-argv"))
		argv[0] = NULL;
	else if ((v = is(word, "env")))
		own_environment(v);
	else if (is(word, "no-env"))
		own_environment(NULL);
	else if (is(word, "null-env"))
		envp = NULL;
	else if (is(word, "null-pid"))
		null_pid = true;
	else if (is(word, "twice"))
		times = 2;
	else if (is(word, "copy"))
		copy = true;
	else if (is(word, "zero"))
		memset(&actions, 0, sizeof actions), with_actions = true;
	else
		return false;
	return true;
}

#endif

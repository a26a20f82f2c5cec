/*
 * For life.c: the ways to start a child, and what each of its scenarios has: pipes to the child and
 * from it, the words of a line, and a limit in time, so that what hangs is told and not waited for.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { LIMIT = 10 }; /* seconds for what should happen at once */

static const char *const ways[] = { "spawn",	     "spawn-own-group", "spawn-group",
				    "spawn-session", "spawn-signals",	"fork",
				    "vfork",	     "double" };
static const char *way;
static char *child_path, *state_path;
static char scenario[80];
static pid_t child, leader; /* leader: of the existing group */
static int to_child = -1, from_child = -1;
static bool own_group;	    /* whatever the way is */
static int before_exec;	    /* a PR_SET_PDEATHSIG that the forked child sets */
static int start_gate = -1; /* what the forked child waits for before it executes */
static volatile sig_atomic_t children_signals;
static bool uncounted;
static int events; /* of which there is a SIGCHLD each */

static bool is_way(const char *name)
{
	return !strcmp(way, name);
}

__attribute__((format(printf, 2, 3))) static void say(const char *what, const char *format, ...)
{
	va_list list;

	printf("%s: %s = ", scenario, what);
	va_start(list, format);
	vprintf(format, list);
	va_end(list);
	puts("");
}

static void must(bool holds, const char *what)
{
	if (!holds) {
		printf("%s: life itself: %s: %s\n", scenario, what, strerrorname_np(errno));
		exit(71);
	}
}

static void close_pipes(void)
{
	close(to_child);
	close(from_child);
	to_child = from_child = -1;
}

/* For a process of its own, between fork and exec or instead of it. */
static void become(int in, int out)
{
	char byte;

	if (own_group || is_way("spawn-own-group"))
		setpgid(0, 0);
	if (before_exec)
		prctl(PR_SET_PDEATHSIG, before_exec);
	if (start_gate >= 0 && read(start_gate, &byte, 1) < 0)
		_exit(71);
	dup2(in, 0);
	dup2(out, 1);
}

static pid_t start_spawn(char **argv, int in, int out)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	short flags = 0;
	sigset_t set;
	pid_t pid = -1;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in, 0);
	posix_spawn_file_actions_adddup2(&actions, out, 1);
	posix_spawnattr_init(&attr);
	if (own_group || is_way("spawn-own-group") || is_way("spawn-group")) {
		flags = POSIX_SPAWN_SETPGROUP;
		posix_spawnattr_setpgroup(&attr, own_group || !is_way("spawn-group") ? 0 : leader);
	} else if (is_way("spawn-session")) {
		flags = POSIX_SPAWN_SETSID;
	} else if (is_way("spawn-signals")) {
		flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
		sigemptyset(&set);
		sigaddset(&set, SIGUSR2);
		sigaddset(&set, SIGCHLD);
		posix_spawnattr_setsigmask(&attr, &set);
		posix_spawnattr_setsigdefault(&attr, &set);
	}
	posix_spawnattr_setflags(&attr, flags);
	errno = posix_spawn(&pid, argv[0], &actions, &attr, argv, environ);
	must(!errno, "posix_spawn");
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	return pid;
}

__attribute__((noinline)) static pid_t start_vfork(char **argv, int in, int out)
{
	pid_t pid = vfork();

	if (!pid) {
		become(in, out);
		execve(argv[0], argv, environ);
		_exit(72);
	}
	return pid;
}

static pid_t start_fork(char **argv, int in, int out)
{
	pid_t pid = fork();

	if (!pid) {
		become(in, out);
		execve(argv[0], argv, environ);
		_exit(72);
	}
	return pid;
}

/* Signals of children come at any time. */
static bool read_pid(int fd, pid_t *pid)
{
	ssize_t n;

	while ((n = read(fd, pid, sizeof *pid)) < 0 && errno == EINTR)
		;
	return n == sizeof *pid;
}

/* The one between has gone before the program is executed. */
static pid_t start_double(char **argv, int in, int out)
{
	int pids[2];
	pid_t pid, between;

	must(!pipe2(pids, O_CLOEXEC), "pipe");
	between = fork();
	if (!between) {
		between = getpid();
		pid = fork();
		if (!pid) {
			while (getppid() == between)
				usleep(100);
			become(in, out);
			execve(argv[0], argv, environ);
			_exit(72);
		}
		_exit(write(pids[1], &pid, sizeof pid) != sizeof pid);
	}
	close(pids[1]);
	must(read_pid(pids[0], &pid), "double fork");
	close(pids[0]);
	while (waitpid(between, NULL, 0) < 0 && errno == EINTR)
		;
	return pid;
}

static void start_file(char **argv)
{
	int to[2], from[2];

	close_pipes();
	must(!pipe2(to, O_CLOEXEC) && !pipe2(from, O_CLOEXEC), "pipe");
	fflush(stdout);
	if (!strncmp(way, "spawn", 5))
		child = start_spawn(argv, to[0], from[1]);
	else if (is_way("vfork"))
		child = start_vfork(argv, to[0], from[1]);
	else if (is_way("fork"))
		child = start_fork(argv, to[0], from[1]);
	else
		child = start_double(argv, to[0], from[1]);
	must(child > 0, way);
	close(to[0]);
	close(from[1]);
	to_child = to[1];
	from_child = from[0];
}

/* Starts life-child with these words, parted by blanks. */
__attribute__((format(printf, 1, 2))) static void start(const char *format, ...)
{
	static char words[400];
	char *argv[40] = { child_path };
	va_list list;
	int argc = 1;

	va_start(list, format);
	vsnprintf(words, sizeof words, format, list);
	va_end(list);
	for (char *word = strtok(words, " "); word && argc < 39; word = strtok(NULL, " "))
		argv[argc++] = word;
	start_file(argv);
}

/* The next line that the child says. */
static const char *said(void)
{
	static char line[8192];
	struct pollfd in = { .fd = from_child, .events = POLLIN };
	size_t n = 0;
	ssize_t got;
	int rc;

	while (n < sizeof line - 1) {
		while ((rc = poll(&in, 1, LIMIT * 1000)) < 0 && errno == EINTR)
			;
		while ((got = rc > 0 ? read(from_child, line + n, 1) : 0) < 0 && errno == EINTR)
			;
		if (got != 1) {
			snprintf(line + n, sizeof line - n, rc ? "(no more)" : "(NOTHING IN TIME)");
			return line;
		}
		if (line[n] == '\n')
			break;
		n++;
	}
	line[n] = '\0';
	return line;
}

static void release(void)
{
	(void)!write(to_child, "\n", 1);
}

static void expect_ready(void)
{
	const char *line = said();

	if (strcmp(line, "ready"))
		say("ready", "%s", line);
}

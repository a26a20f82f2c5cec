#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/pattern.h"
#include "shim/command/trace/proc.h"
#include "shim/env.h"
#include "shim/format.h"
#include "shim/init.h"
#include "shim/sys.h"
#include "shim/target.h"

static void path_of(char path[64], pid_t pid, const char *file)
{
	snprintf(path, 64, "/proc/%d/%s", (int)pid, file);
}

/* The first bytes of one of its files; "" where it cannot be read. */
static ssize_t read_of(pid_t pid, const char *file, char *buf, size_t size)
{
	char path[64];
	ssize_t n;

	path_of(path, pid, file);
	n = sys_read_file(path, buf, size);
	buf[n < 0 ? 0 : n] = '\0';
	return n;
}

/* /proc/PID/status, to be freed; "" where there is none. All groups are in it: there may be 65536. */
static char *status_of(pid_t pid)
{
	char path[64], *text = NULL;
	size_t size = 0;
	FILE *file;

	path_of(path, pid, "status");
	file = fopen(path, "re");
	if (file && getdelim(&text, &size, '\0', file) < 0) {
		free(text);
		text = NULL;
	}
	if (file)
		fclose(file);
	return text ? text : history_text("");
}

/* What stands behind the name in /proc/PID/status. */
static const char *field(const char *status, const char *name)
{
	const char *at = strstr(status, name);

	return at ? at + strlen(name) : "";
}

unsigned long proc_pidns(const char *pid)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof path, "/proc/%s/ns/pid", pid);
	return stat(path, &st) ? 0 : st.st_ino;
}

/* It is the 38th; the second is a name in brackets, which may hold anything. */
static bool has_exit_signal(pid_t pid)
{
	char stat[1024];
	const char *at;
	int n = 2;

	if (read_of(pid, "stat", stat, sizeof stat) < 0)
		return true;
	for (at = strrchr(stat, ')'); at && n < 38; n++)
		at = strchr(at + 1, ' ');
	return !at || atoi(at) != 0;
}

/* Of a process that this one follows; else 0. */
static pid_t look(struct process *p, const char *status)
{
	const char *levels;
	char number[12], *end;
	pid_t whole;

	if (atoi(field(status, "\nTracerPid:")) != getpid())
		return 0;
	whole = atoi(field(status, "\nTgid:"));
	if (whole != p->pid)
		return whole;
	p->parent_pid = atoi(field(status, "\nPPid:"));
	for (levels = field(status, "\nNSpid:"); p->levels < LEVELS; levels = end) {
		pid_t pid = (pid_t)strtol(levels, &end, 10);

		if (end == levels)
			break;
		p->level[p->levels++] = pid;
		if (*end == '\n')
			break;
	}
	p->silent = !has_exit_signal(p->pid);
	snprintf(number, sizeof number, "%d", (int)p->pid);
	p->inner = proc_pidns(number);
	return whole;
}

pid_t proc_look(struct process *p)
{
	char *status = status_of(p->pid);
	pid_t whole = look(p, status);

	free(status);
	return whole;
}

/* What the kernel told the program of itself. */
static unsigned long told(pid_t pid, unsigned long type)
{
	unsigned long all[128];
	char path[64];
	ssize_t n;
	int fd;

	path_of(path, pid, "auxv");
	fd = sys_open(path, O_RDONLY);
	n = fd < 0 ? -1 : read(fd, all, sizeof all);
	sys_close(fd);
	for (size_t i = 0; n > 0 && i + 1 < (size_t)n / sizeof *all; i += 2)
		if (all[i] == type)
			return all[i + 1];
	return 0;
}

/* As it was named; false: there is no telling. */
static bool named(pid_t pid, char path[PATH_MAX])
{
	unsigned long at = told(pid, AT_EXECFN);
	char mem[64];
	ssize_t n;
	int fd;

	path_of(mem, pid, "mem");
	fd = at ? sys_open(mem, O_RDONLY) : -1;
	n = fd < 0 ? -1 : pread(fd, path, PATH_MAX - 1, (off_t)at);
	sys_close(fd);
	path[n < 0 ? 0 : n] = '\0';
	/* By a descriptor it has no name of its own. */
	return path[0] && strncmp(path, "/dev/fd/", 8) != 0;
}

/* By its name: there may be one for each kind of program. */
static bool is_library(const char *exe)
{
	char path[PATH_MAX];
	ssize_t n = readlink(exe, path, sizeof path - 1);
	size_t len;

	path[n < 0 ? 0 : n] = '\0';
	return env_own_entry(path, &len);
}

/*
 * The helper image, with a mode for its first argument, or the init: they are where the library is,
 * but then so is a nested `nsshim run`, which is a program as any other.
 */
static bool is_own(pid_t pid, bool *helps)
{
	struct stat exe, self;
	char path[64], words[256];
	ssize_t n = read_of(pid, "cmdline", words, sizeof words - 1);
	const char *mode = words + strlen(words) + 1;

	*helps = true;
	if (n <= 0)
		return false;
	path_of(path, pid, "exe");
	if (!strcmp(words, INIT_NAME))
		return is_library(path);
	*helps = mode < words + n && strcmp(mode, "--enter") != 0 && strcmp(mode, "--monitor") != 0;
	return !stat(path, &exe) && !stat("/proc/self/exe", &self) && exe.st_ino == self.st_ino &&
	       exe.st_dev == self.st_dev && mode < words + n && !strncmp(mode, "--", 2) &&
	       strcmp(mode, "--help") != 0 && strcmp(mode, "--version") != 0;
}

/* Its environment names the library: by which path, or "". False: it does not. */
static bool preloads(pid_t pid, char path[PATH_MAX])
{
	static const char name[] = "LD_PRELOAD=";
	char environ_path[64], *entry = NULL;
	const char *own = NULL;
	size_t size = 0, len;
	FILE *file;

	path_of(environ_path, pid, "environ");
	file = fopen(environ_path, "re");
	path[0] = '\0';
	if (!file)
		return true; /* nobody knows */
	while (!own && getdelim(&entry, &size, '\0', file) > 0)
		if (!strncmp(entry, name, strlen(name)))
			own = env_own_entry(entry + strlen(name), &len);
	if (own && own[0] == '/' && !memchr(own, '$', len))
		snprintf(path, PATH_MAX, "%.*s", (int)len, own);
	free(entry);
	fclose(file);
	return own;
}

/* What has ld.so leave out the library (secure-execution mode); null: nothing. */
static const char *power_of(pid_t pid, const char *exe)
{
	const struct target target = { .dirfd = AT_FDCWD, .path = exe };
	struct stat st;

	if (!target_has_power(&target))
		return told(pid, AT_SECURE) ? "its ids differ, or a security module wants it: "
					      "ld.so(8), secure-execution mode"
					    : NULL;
	if (stat(exe, &st) || !(st.st_mode & (S_ISUID | S_ISGID)))
		return "the file has capabilities";
	return st.st_mode & S_ISUID ? "set-user-ID" : "set-group-ID";
}

static const char *why_without(pid_t pid)
{
	char exe[64], library[PATH_MAX], there[PATH_MAX + 64];
	struct format format = { .kind = FORMAT_OTHER };
	const char *power;
	int fd;

	path_of(exe, pid, "exe");
	power = power_of(pid, exe);
	fd = sys_open(exe, O_RDONLY);
	if (fd >= 0)
		format_read(&format, fd);
	sys_close(fd);
	if (format.kind == FORMAT_FOREIGN)
		return "of another machine or word size than the library";
	if (format.kind == FORMAT_PROGRAM && !format.interp[0])
		return "statically linked";
	if (power)
		return power;
	if (!preloads(pid, library))
		return "LD_PRELOAD is not in its environment";
	snprintf(there, sizeof there, "/proc/%d/root%s", (int)pid, library);
	if (library[0] && access(there, F_OK))
		return "the library is not among the files that it sees";
	return NULL;
}

void proc_executed(struct event *e, pid_t pid)
{
	char path[PATH_MAX];

	e->own = is_own(pid, &e->helps);
	if (e->own)
		return;
	if (named(pid, path))
		e->path = history_text(path);
	else
		read_of(pid, "comm", path, sizeof path - 1);
	e->program = history_text(pattern_base(path));
	e->why = why_without(pid);
}

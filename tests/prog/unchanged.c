/*
 * unchanged COUNT TARGET [ARG]...: starts TARGET COUNT times each by fork and execve, vfork and
 * execve, posix_spawn, and compares what this process is before and after. Prints what changed,
 * or `unchanged`. TARGET has to exit with 0.
 *
 * A first few of each may map what is kept for the next ones; from then on nothing may grow.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { MOST = 1 << 18 };
struct picture {
	size_t len;
	char text[MOST];
};
static struct picture first, warm, last;
static char scratch[1 << 16];

static void add(struct picture *p, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	p->len += vsnprintf(p->text + p->len, MOST - p->len, format, list);
	va_end(list);
	if (p->len >= MOST) {
		printf("a picture is too small\n");
		exit(1);
	}
}

static ssize_t slurp(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t all = 0, n;
	while (fd >= 0 && (n = read(fd, scratch + all, sizeof scratch - 1 - all)) > 0)
		all += n;
	close(fd);
	scratch[all] = 0;
	return all;
}

/* Number and extent of the mappings, the stack aside, which the kernel grows. */
static void mappings(struct picture *p)
{
	unsigned long from, to, pages = 0, count = 0;
	slurp("/proc/self/maps");
	for (char *line = strtok(scratch, "\n"); line; line = strtok(NULL, "\n"))
		if (!strstr(line, "[stack]") && sscanf(line, "%lx-%lx", &from, &to) == 2) {
			pages += (to - from) / 4096;
			count++;
		}
	add(p, "mappings: %lu of %lu pages\n", count, pages);
}

static void take(struct picture *p, int with_mappings)
{
	static const char *const kinds[] = { "user",
					     "mnt",
					     "pid",
					     "net",
					     "ipc",
					     "uts",
					     "cgroup",
					     "time",
					     "pid_for_children",
					     "time_for_children" };
	char link[4096];
	p->len = 0;
	for (int fd = 0; fd < 1024; fd++) {
		snprintf(scratch, sizeof scratch, "/proc/self/fd/%d", fd);
		ssize_t n = readlink(scratch, link, sizeof link);
		if (n >= 0)
			add(p, "descriptor %d: %.*s flags %x\n", fd, (int)n, link,
			    fcntl(fd, F_GETFD));
	}
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		snprintf(scratch, sizeof scratch, "/proc/self/ns/%s", kinds[i]);
		ssize_t n = readlink(scratch, link, sizeof link);
		add(p, "namespace %s: %.*s\n", kinds[i], (int)n, link);
	}
	sigset_t mask;
	memset(&mask, 0, sizeof mask);
	syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &mask, 8L);
	add(p, "signal mask: %lx\n", *(unsigned long *)&mask);
	for (int sig = 1; sig <= 64; sig++) {
		struct {
			void *handler;
			unsigned long flags;
			void *restorer;
			unsigned long mask;
		} act = { 0 };
		syscall(SYS_rt_sigaction, sig, NULL, &act, 8L);
		add(p, "signal %d: %p %lx %lx\n", sig, act.handler, act.flags, act.mask);
	}
	add(p, "environ: %p\n", (void *)environ);
	for (int i = 0; environ[i]; i++)
		add(p, "environ[%d]: %p %s\n", i, (void *)environ[i], environ[i]);
	for (int i = 0; i < (int)RLIM_NLIMITS; i++) {
		struct rlimit l;
		getrlimit(i, &l);
		add(p, "limit %d: %lu %lu\n", i, (long)l.rlim_cur, (long)l.rlim_max);
	}
	uid_t r, e, s;
	getresuid(&r, &e, &s);
	add(p, "uid: %u %u %u\n", r, e, s);
	getresgid(&r, &e, &s);
	add(p, "gid: %u %u %u\n", r, e, s);
	gid_t groups[256];
	int n = getgroups(256, groups);
	for (int i = 0; i < n; i++)
		add(p, "group: %u\n", groups[i]);
	mode_t m = umask(0);
	umask(m);
	char name[17] = "";
	prctl(PR_GET_NAME, name);
	int death = 0, reaper = 0;
	prctl(PR_GET_PDEATHSIG, &death);
	prctl(PR_GET_CHILD_SUBREAPER, &reaper);
	char *cwd = getcwd(link, sizeof link);
	add(p, "cwd: %s\numask: %o\nname: %s\ndumpable: %d\n", cwd, m, name,
	    prctl(PR_GET_DUMPABLE));
	add(p, "death signal: %d\nsubreaper: %d\nno_new_privs: %d\nkeepcaps: %d\nnice: %d\n", death,
	    reaper, prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), prctl(PR_GET_KEEPCAPS),
	    getpriority(PRIO_PROCESS, 0));
	add(p, "session: %d\ngroup: %d\n", getsid(0), getpgrp());
	siginfo_t info;
	int none = waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) < 0;
	add(p, "children: %s\n", none ? "none" : "some");
	slurp("/proc/self/status");
	for (char *line = strtok(scratch, "\n"); line; line = strtok(NULL, "\n"))
		if (!strncmp(line, "Cap", 3) || !strncmp(line, "Threads", 7) ||
		    !strncmp(line, "Seccomp", 7) || !strncmp(line, "NS", 2))
			add(p, "%s\n", line);
	if (with_mappings)
		mappings(p);
}

/* The lines of `a` and `b` go in parallel: both are made by take(). */
static int differ(const struct picture *a, const struct picture *b)
{
	const char *p = a->text, *q = b->text;
	int changed = 0;
	while (*p || *q) {
		int m = strcspn(p, "\n"), n = strcspn(q, "\n");
		if (m != n || memcmp(p, q, m)) {
			printf("changed: %.*s -> %.*s\n", m, p, n, q);
			if (++changed > 20)
				return 1;
		}
		p += m + (p[m] != 0);
		q += n + (q[n] != 0);
	}
	return changed > 0;
}

static volatile sig_atomic_t signals_seen;

static void on_child(int sig)
{
	(void)sig;
	signals_seen++;
}

static int bad;

static void start(int way, char **argv)
{
	pid_t pid;
	int status, err = 0;
	errno = ENOTTY;
	if (way == 0 && (pid = fork()) == 0) {
		execve(argv[0], argv, environ);
		_exit(90);
	}
	if (way == 1 && (pid = vfork()) == 0) {
		execve(argv[0], argv, environ);
		_exit(90);
	}
	if (way == 2)
		err = posix_spawn(&pid, argv[0], NULL, NULL, argv, environ);
	if (errno != ENOTTY && ++bad < 10)
		printf("errno of the caller changed to %s, way %d\n", strerrorname_np(errno), way);
	while (!err && waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			err = errno;
	if ((err || status) && ++bad < 10)
		printf("way %d: error %d, status %x\n", way, err, status);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 71;
	int count = atoi(argv[1]);
	struct sigaction act = { .sa_handler = on_child, .sa_flags = SA_RESTART };
	sigaction(SIGCHLD, &act, NULL);
	signal(SIGUSR1, SIG_IGN);
	sigset_t mask;
	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR2);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	open("/dev/null", O_RDONLY);
	open("/dev/null", O_RDONLY | O_CLOEXEC);
	prctl(PR_SET_NAME, "a name of mine");

	take(&first, 0);
	for (int way = 0; way < 3; way++)
		for (int i = 0; i < 3; i++)
			start(way, argv + 2);
	take(&warm, 1);
	signals_seen = 0;
	for (int way = 0; way < 3; way++)
		for (int i = 0; i < count; i++)
			start(way, argv + 2);
	int signals = signals_seen;
	take(&last, 1);
	bad += differ(&warm, &last);
	take(&last, 0);
	bad += differ(&first, &last);
	if (signals != 3 * count) {
		printf("%d SIGCHLD for %d children\n", signals, 3 * count);
		bad++;
	}
	if (!bad)
		printf("unchanged\n");
	return bad != 0;
}

/*
 * door [OPTION]... ENTRY MODE TARGET [ARG]...: starts TARGET by one way that libc has.
 *
 * MODE   direct, fork or vfork: where the call is made; +threads: another thread is alive then;
 *        +tiny: made by a thread whose stack is as small as they come; +subreaper.
 *        What starts a child by itself (posix_spawn, system, ...) has direct and fork.
 * OPTION -e NAME=VALUE  an environment of TARGET's own, of these entries alone; -E an empty one;
 *        -N none at all (a null pointer); -d not dumpable; -f every descriptor in use,
 *        -fN all but N;
 *        -g says `.` and waits until there is something to read on descriptor 0: for a tracer
 *
 * TARGET's exit status is ours. Where it was not started, prints `ENTRY: ERRNO` and `outside`, or
 * the kinds of namespace that this process (the child, of fork and vfork) is in now and was not
 * before, and what else of it is not as it was; the status is 70. Status 71 is our own mistake.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wordexp.h>

#include "shim/versions.h"

extern char **environ;

#ifdef VERSION_SHELL
int old_spawn(pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *,
	      char *const[], char *const[]);
int old_spawnp(pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *,
	       char *const[], char *const[]);
__asm__(".symver old_spawn, posix_spawn@" VERSION_TEXT(VERSION_SHELL));
__asm__(".symver old_spawnp, posix_spawnp@" VERSION_TEXT(VERSION_SHELL));
#else
#define old_spawn  posix_spawn
#define old_spawnp posix_spawnp
#endif
int pidfd_spawn(int *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *,
		char *const[], char *const[]) __attribute__((weak));
int pidfd_spawnp(int *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *,
		 char *const[], char *const[]) __attribute__((weak));

static const char *const kinds[] = { "user", "mnt", "pid", "net", "ipc", "uts", "cgroup", "time" };
enum { KINDS = sizeof kinds / sizeof *kinds };

static const char *entry, *target;
static char **arg;	 /* of TARGET, from its name on */
static char **env;	 /* what it is given */
static char words[8192]; /* TARGET and its arguments as the shell reads them */
static char before[KINDS][64];

/* What a call that failed has to leave as it was. */
struct rest {
	unsigned long fds, fds_cloexec;
	sigset_t mask;
	struct rlimit files;
	int dumpable;
	ino_t cwd;
};
static struct rest rest_before;

static void look(char now[KINDS][64])
{
	for (int k = 0; k < KINDS; k++) {
		char path[64];
		snprintf(path, sizeof path, "/proc/thread-self/ns/%s", kinds[k]);
		ssize_t n = readlink(path, now[k], 63);
		now[k][n < 0 ? 0 : n] = 0;
	}
}

static void look_at_rest(struct rest *r)
{
	struct stat st;
	memset(r, 0, sizeof *r);
	for (int fd = 0; fd < 64; fd++) {
		int flags = fcntl(fd, F_GETFD);
		if (flags >= 0)
			r->fds |= 1UL << fd;
		if (flags > 0)
			r->fds_cloexec |= 1UL << fd;
	}
	sigprocmask(SIG_BLOCK, NULL, &r->mask);
	getrlimit(RLIMIT_NOFILE, &r->files);
	r->dumpable = prctl(PR_GET_DUMPABLE);
	r->cwd = stat(".", &st) ? 0 : st.st_ino;
}

/* The door's own calls may have opened the target. */
static const char *rest_differs(void)
{
	struct rest now;
	look_at_rest(&now);
	if (!strstr(entry, "execveat-") && strcmp(entry, "fexecve") &&
	    (now.fds != rest_before.fds || now.fds_cloexec != rest_before.fds_cloexec))
		return " descriptors";
	if (memcmp(&now.mask, &rest_before.mask, sizeof now.mask))
		return " mask";
	if (memcmp(&now.files, &rest_before.files, sizeof now.files))
		return " limit";
	return now.dumpable != rest_before.dumpable ? " dumpable"
	       : now.cwd != rest_before.cwd	    ? " cwd"
						    : "";
}

static int failed(int err)
{
	char now[KINDS][64], text[512];
	look(now);
	int n = snprintf(text, sizeof text, "%s: %s", entry, strerrorname_np(err));
	bool moved = false;
	for (int k = 0; k < KINDS; k++)
		if (strcmp(now[k], before[k])) {
			n += snprintf(text + n, sizeof text - n, " %s", kinds[k]);
			moved = true;
		}
	n += snprintf(text + n, sizeof text - n, "%s%s\n", moved ? "" : " outside", rest_differs());
	if (write(1, text, n) != n)
		return 71;
	return 70;
}

static int told(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int waited(pid_t pid)
{
	int status;
	if (waitpid(pid, &status, 0) != pid)
		return 71;
	/* The caller of what has been started, whatever came of it: "" or what it lost. */
	const char *differs = rest_differs();
	if (*differs && write(1, differs, strlen(differs)) < 0)
		return 71;
	return told(status);
}

static int run_spawn(void)
{
	/* What a failed call must leave alone. */
	pid_t pid = -77;
	int err, fd = -77;
	if (!strcmp(entry, "posix_spawn"))
		err = posix_spawn(&pid, target, NULL, NULL, arg, env);
	else if (!strcmp(entry, "posix_spawnp"))
		err = posix_spawnp(&pid, target, NULL, NULL, arg, env);
	else if (!strcmp(entry, "posix_spawn-old"))
		err = old_spawn(&pid, target, NULL, NULL, arg, env);
	else if (!strcmp(entry, "posix_spawnp-old"))
		err = old_spawnp(&pid, target, NULL, NULL, arg, env);
	else if (!strncmp(entry, "pidfd_spawn", 11)) {
		bool p = entry[11];
		if (p ? !pidfd_spawnp : !pidfd_spawn)
			return 71;
		err = (p ? pidfd_spawnp : pidfd_spawn)(&fd, target, NULL, NULL, arg, env);
		if (!err) {
			siginfo_t info = { 0 };
			if (waitid(P_PIDFD, fd, &info, WEXITED) < 0)
				return 71;
			return info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
		}
	} else
		return -1;
	if (!err)
		return waited(pid);
	if (pid != -77 || fd != -77)
		printf("%s wrote a pid although it failed\n", entry);
	if (waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD)
		printf("%s left a child although it failed\n", entry);
	fflush(stdout);
	return failed(err);
}

static int run_shell(void)
{
	environ = env;
	if (!strcmp(entry, "system")) {
		int status = system(words);
		return status == -1 ? failed(errno) : told(status);
	}
	if (!strcmp(entry, "popen")) {
		FILE *f = popen(words, "r");
		if (!f)
			return failed(errno);
		for (int c; (c = getc(f)) != EOF;)
			putchar(c);
		fflush(stdout);
		int status = pclose(f);
		return status == -1 ? failed(errno) : told(status);
	}
	if (!strcmp(entry, "wordexp")) {
		char text[sizeof words + 4];
		wordexp_t w;
		snprintf(text, sizeof text, "$(%s)", words);
		int err = wordexp(text, &w, WRDE_SHOWERR);
		if (err) {
			printf("wordexp: %d\n", err);
			fflush(stdout);
			return 70;
		}
		for (size_t i = 0; i < w.we_wordc; i++)
			printf("%s%c", w.we_wordv[i], i + 1 == w.we_wordc ? '\n' : ' ');
		fflush(stdout);
		wordfree(&w);
		return 0;
	}
	return -1;
}

/* Returns only where it fails, like all of exec(3). Nothing here that a vfork child may not do. */
static void run_exec(void)
{
	char *const *a = arg;
	if (!strcmp(entry, "execve"))
		execve(target, arg, env);
	else if (!strcmp(entry, "execv"))
		execv(target, arg);
	else if (!strcmp(entry, "execvp"))
		execvp(target, arg);
	else if (!strcmp(entry, "execvpe"))
		execvpe(target, arg, env);
	else if (!strcmp(entry, "execl"))
		execl(target, a[0], a[1], a[2], a[3], a[4], a[5], a[6], (char *)NULL);
	else if (!strcmp(entry, "execlp"))
		execlp(target, a[0], a[1], a[2], a[3], a[4], a[5], a[6], (char *)NULL);
	else if (!strcmp(entry, "execle"))
		execle(target, a[0], a[1], a[2], a[3], a[4], a[5], a[6], (char *)NULL, env);
	else if (!strcmp(entry, "execle-0"))
		execle(target, a[0], (char *)NULL, env);
	else if (!strcmp(entry, "fexecve") || !strcmp(entry, "execveat-empty")) {
		int fd = open(target, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return;
		if (*entry == 'f')
			fexecve(fd, arg, env);
		else
			execveat(fd, "", arg, env, AT_EMPTY_PATH);
	} else if (!strcmp(entry, "execveat"))
		execveat(AT_FDCWD, target, arg, env, 0);
	else if (!strcmp(entry, "execveat-dirfd")) {
		static char dir[PATH_MAX]; /* a thread's stack may be small */
		const char *slash = strrchr(target, '/');
		memcpy(dir, target, slash + 1 - target);
		dir[slash + 1 - target] = 0;
		int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			return;
		execveat(fd, slash + 1, arg, env, 0);
	} else if (!strcmp(entry, "raw"))
		syscall(SYS_execve, target, arg, env);
	else
		_exit(71);
}

static const char *mode;

static void *enter(void *unused)
{
	(void)unused;
	int status;
	if (!strncmp(mode, "vfork", 5)) {
		pid_t pid = vfork();
		if (pid == 0) {
			environ = env;
			run_exec();
			_exit(failed(errno));
		}
		exit(pid < 0 ? 71 : waited(pid));
	}
	if (!strncmp(mode, "fork", 4)) {
		pid_t pid = fork();
		if (pid != 0)
			exit(pid < 0 ? 71 : waited(pid));
	}
	status = run_spawn();
	if (status < 0)
		status = run_shell();
	if (status < 0) {
		environ = env;
		run_exec();
		status = failed(errno);
	}
	_exit(status);
}

static void *idle(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void fill_descriptors(int free)
{
	int last = -1, fd;
	struct rlimit limit = { 64, 64 };
	struct rlimit old;
	getrlimit(RLIMIT_NOFILE, &old);
	limit.rlim_max = old.rlim_max < 4096 ? old.rlim_max : 4096;
	setrlimit(RLIMIT_NOFILE, &limit);
	while ((fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
		last = fd;
	while (free-- > 0)
		close(last--);
}

int main(int argc, char **argv)
{
	char *own[64] = { NULL };
	int owned = 0;
	int free_ones = 0;
	bool full = false, gate = false;
	env = environ;
	for (argv++; *argv && **argv == '-'; argv++) {
		if (!strcmp(*argv, "-E"))
			env = own;
		else if (!strcmp(*argv, "-N"))
			env = NULL;
		else if (!strcmp(*argv, "-d"))
			prctl(PR_SET_DUMPABLE, 0);
		else if (!strncmp(*argv, "-f", 2))
			full = true, free_ones = atoi(*argv + 2);
		else if (!strcmp(*argv, "-g"))
			gate = true;
		else if (!strcmp(*argv, "-e") && argv[1] && owned < 63) {
			own[owned++] = *++argv;
			env = own;
		} else
			return 71;
	}
	if (argc < 4 || !argv[0] || !argv[1] || !argv[2])
		return 71;
	entry = argv[0];
	mode = argv[1];
	target = argv[2];
	static char *room[4096];
	arg = room;
	arg[0] = strrchr(target, '/') ? strrchr(target, '/') + 1 : argv[2];
	for (int i = 0; argv[2 + i] && i < 4094; i++) {
		if (i)
			arg[i] = argv[2 + i];
		size_t n = strlen(words);
		snprintf(words + n, sizeof words - n, "%s%s", i ? " " : "", argv[2 + i]);
	}
	look(before);
	pthread_t thread;
	if (strstr(mode, "+subreaper"))
		prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	if (strstr(mode, "+threads") && pthread_create(&thread, NULL, idle, NULL))
		return 71;
	if (full)
		fill_descriptors(free_ones);
	look_at_rest(&rest_before);
	if (gate) {
		struct pollfd ready = { .fd = 0, .events = POLLIN };
		prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
		if (write(1, ".", 1) != 1 || poll(&ready, 1, -1) != 1)
			return 71;
	}
	if (strstr(mode, "+tiny")) {
		pthread_attr_t attr;
		pthread_attr_init(&attr);
		/* 16 KiB on x86; what the machine at hand has as the least, elsewhere. */
		pthread_attr_setstacksize(&attr, PTHREAD_STACK_MIN);
		if (pthread_create(&thread, &attr, enter, NULL))
			return 71;
		idle(NULL);
	}
	enter(NULL);
}

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/process.h"
#include "shim/sys.h"

enum {
	START = 22,	    /* process_number() */
	PID_MOST = 4194304, /* PID_MAX_LIMIT of the kernel */
	/*
	 * Milliseconds. Start and file time are told to 10 ms, and a leap second may come between.
	 * That a number is given anew so soon would take all numbers in use within that time. A
	 * clock that was set by more since the file was written nobody can allow for.
	 */
	SLACK = 2000,
};

const char *process_path(pid_t pid, const char *folder, const char *name, char buf[PROCESS_PATH])
{
	struct text t = text_in(buf, PROCESS_PATH);

	text_str(&t, "/proc/");
	text_num(&t, pid);
	text_str(&t, folder);
	text_str(&t, name);
	return buf;
}

static int no_process(pid_t pid, const char *why, struct fault *f)
{
	char path[PROCESS_PATH];

	process_path(pid, "", "", path);
	fault_set(f, "join", NS_KINDS, path, ENOENT);
	fault_why(f, why);
	return -1;
}

int process_number(int fd, int field, unsigned long long *number)
{
	char stat[512];
	ssize_t n = syscall(SYS_read, fd, stat, sizeof stat - 1);
	const char *at;

	if (n < 0)
		return -1;
	stat[n] = '\0';
	/* The second field, the name in parentheses, may hold blanks and parentheses itself. */
	at = strrchr(stat, ')');
	for (int i = 2; at && i < field; i++)
		at = strchr(at + 1, ' ');
	if (!at) {
		errno = EIO;
		return -1;
	}
	for (*number = 0; *++at >= '0' && *at <= '9';)
		*number = 10 * *number + (unsigned)(*at - '0');
	return 0;
}

int process_start(pid_t pid, unsigned long long *start)
{
	char path[PROCESS_PATH];
	int fd = sys_open(process_path(pid, "/stat", "", path), O_RDONLY);
	int failed = fd < 0 || process_number(fd, START, start);
	int err = errno == ESRCH ? ENOENT : errno;

	if (fd >= 0)
		sys_close(fd);
	errno = err;
	return failed ? -1 : 0;
}

static long long milliseconds(const struct timespec *t)
{
	return (long long)t->tv_sec * 1000 + t->tv_nsec / 1000000;
}

/* Both clocks, and the start, are those of the time namespace that this process is in. */
static bool began_after(unsigned long long start, const struct timespec *written)
{
	struct timespec now, since_boot;
	long long age;

	if (clock_gettime(CLOCK_REALTIME, &now) || clock_gettime(CLOCK_BOOTTIME, &since_boot))
		return false;
	age = milliseconds(&since_boot) - (long long)(start * (1000 / PROCESS_TICKS));
	return milliseconds(&now) - age > milliseconds(written) + SLACK;
}

/* The only number in a text, 0: there is none, or something else as well. */
static pid_t only_number(const char *text)
{
	static const char blanks[] = " \t\r\n";
	const char *at = text + strspn(text, blanks);
	long n = 0;

	for (; *at >= '0' && *at <= '9' && n <= PID_MOST; at++)
		n = 10 * n + (*at - '0');
	return at[strspn(at, blanks)] || n > PID_MOST ? 0 : (pid_t)n;
}

static int read_pidfile(const char *path, pid_t *pid, struct stat *st, struct fault *f)
{
	char text[64];
	int fd = file_open(path, sys_trusts(), st, f);
	ssize_t n;

	if (fd < 0) {
		f->err = f->err ? f->err : EINVAL; /* no regular file */
		if (f->err == ENOENT)
			fault_why(f, "there is no such pidfile: what should write it is not "
				     "running");
		return -1;
	}
	n = syscall(SYS_read, fd, text, sizeof text - 1);
	if (n < 0)
		fault_set(f, "read", NS_KINDS, path, errno);
	sys_close(fd);
	if (n < 0)
		return -1;
	text[n] = '\0';
	*pid = strlen(text) == (size_t)n && n < (ssize_t)sizeof text - 1 ? only_number(text) : 0;
	if (*pid)
		return 0;
	fault_set(f, "read", NS_KINDS, path, EINVAL);
	fault_why(f, "there is no process id in it, a decimal number and nothing else");
	return -1;
}

static int another(const struct rule_join *join, struct fault *f)
{
	char number[12];
	struct text t = text_in(number, sizeof number);

	text_num(&t, join->pid);
	fault_set(f, "join", NS_KINDS, join->pidfile, ENOENT);
	fault_why(f, "the process that it names has ended: ");
	fault_why(f, number);
	fault_why(f, " is another now, which began after the file was written");
	return -1;
}

int process_find(struct rule_join *join, struct fault *f)
{
	struct stat st;
	char path[PROCESS_PATH];

	if (join->pidfile && read_pidfile(join->pidfile, &join->pid, &st, f))
		return -1;
	if (process_start(join->pid, &join->start)) {
		if (errno == ENOENT && !access("/proc/self/ns", F_OK))
			return no_process(join->pid,
					  join->pidfile ? "there is no such process: its pidfile "
							  "has been left behind"
							: "there is no such process",
					  f);
		process_path(join->pid, "/stat", "", path);
		fault_set(f, "read", NS_KINDS, path, errno);
		if (errno == ENOENT)
			fault_why(f, "needs /proc mounted");
		return -1;
	}
	return join->pidfile && began_after(join->start, &st.st_mtim) ? another(join, f) : 0;
}

pid_t process_in_proc(int pidfd)
{
	char path[sizeof "/proc/self/fdinfo/" + 11], text[256];
	struct text t = text_in(path, sizeof path);
	const char *at;
	pid_t n = 0;

	text_str(&t, "/proc/self/fdinfo/");
	text_num(&t, pidfd);
	if (sys_read_file(path, text, sizeof text) < 0)
		return -1;
	at = strstr(text, "\nPid:\t");
	if (!at || at[6] == '-') {
		errno = at ? ESRCH : ENOSYS;
		return -1;
	}
	for (at += 6; *at >= '0' && *at <= '9'; at++)
		n = 10 * n + (*at - '0');
	return n;
}

int process_again(const struct rule_join *join, struct fault *f)
{
	unsigned long long start;
	bool there = !process_start(join->pid, &start);
	char path[PROCESS_PATH];

	if (there && start == join->start)
		return 0;
	if (there || errno == ENOENT)
		return no_process(join->pid, "it has ended in this moment", f);
	process_path(join->pid, "/stat", "", path);
	return fault_set(f, "read", NS_KINDS, path, errno);
}

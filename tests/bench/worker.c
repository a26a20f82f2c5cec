/*
 * worker [-m MIB] HOW [ARG]...: for each byte read from descriptor 0 does it once, and writes how
 * many nanoseconds it took, an int64_t, to descriptor 1. MIB: resident memory that it has.
 *
 * HOW  spawn              posix_spawn, and wait
 *      vfork, fork        and execve, and wait
 *      raw                vfork, and the system call execve, past libc
 *      join FILE          by hand: vfork, setns to FILE, execve
 *      create             by hand: vfork, unshare of user and net, the maps, execve
 *      pid                by hand: clone into new user, pid and mount namespaces, the maps from
 *                         outside, /proc, execve: the program is pid 1
 *      files              the same, and a root of its own: ten read-only binds, a tmpfs, /proc
 *                         and a small /dev
 *      miss               the mean of many execve of a program that is not there
 * The program and its arguments follow.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { MISSES = 200 };

static const char *how, *file;
static char **program;
static char uid_map[48], gid_map[48];

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		_exit(126);
	close(fd);
}

static void join(void)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || setns(fd, CLONE_NEWNET))
		_exit(126);
}

static void create(void)
{
	if (unshare(CLONE_NEWUSER))
		_exit(126);
	write_file("/proc/self/uid_map", uid_map);
	write_file("/proc/self/setgroups", "deny");
	write_file("/proc/self/gid_map", gid_map);
	if (unshare(CLONE_NEWNET))
		_exit(126);
}

static int is(const char *word)
{
	return !strcmp(how, word);
}

static void check(int failed)
{
	if (failed)
		_exit(126);
}

static void bind_node(const char *from, const char *to, int folder)
{
	check(folder ? mkdir(to, 0755) : mknod(to, S_IFREG | 0444, 0));
	check(mount(from, to, NULL, MS_BIND | MS_REC, NULL));
}

static void make_dev(void)
{
	static const char *const node[] = { "null", "zero", "full", "random", "urandom", "tty" };
	char from[32], to[32];

	check(mkdir("dev", 0755) || mount("none", "dev", "tmpfs", MS_NOSUID, "mode=755"));
	for (int i = 0; i < 6; i++) {
		snprintf(from, sizeof from, "/dev/%s", node[i]);
		snprintf(to, sizeof to, "dev/%s", node[i]);
		bind_node(from, to, 0);
	}
	check(symlink("/proc/self/fd", "dev/fd") || symlink("/proc/self/fd/0", "dev/stdin") ||
	      symlink("/proc/self/fd/1", "dev/stdout") ||
	      symlink("/proc/self/fd/2", "dev/stderr") || symlink("pts/ptmx", "dev/ptmx") ||
	      mkdir("dev/shm", 01777) || mkdir("dev/pts", 0755));
	check(mount("devpts", "dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
		    "newinstance,ptmxmode=0666,mode=620"));
}

static void make_root(void)
{
	char to[16] = "usr";

	check(mount("none", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755") || chdir("/tmp"));
	for (int i = 0; i < 10; i++) {
		if (i)
			snprintf(to, sizeof to, "b%d", i);
		bind_node(i ? "/usr/share" : "/usr", to, 1);
		check(mount(NULL, to, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY | MS_RELATIME, NULL));
	}
	check(symlink("usr/bin", "bin") || symlink("usr/lib", "lib") ||
	      symlink("usr/lib64", "lib64"));
	check(mkdir("tmp", 01777) || mount("none", "tmp", "tmpfs", MS_NOSUID | MS_NODEV, NULL));
	check(mkdir("proc", 0755) ||
	      mount("proc", "proc", "proc", MS_NOSUID | MS_NOEXEC | MS_NODEV, NULL));
	make_dev();
	check(syscall(SYS_pivot_root, ".", ".") || umount2(".", MNT_DETACH) || chdir("/"));
}

static void drop_powers(void)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct none[2] = { { 0, 0, 0 }, { 0, 0, 0 } };

	for (int i = 0; !prctl(PR_CAPBSET_DROP, i, 0, 0, 0);)
		i++;
	check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || syscall(SYS_capset, &head, none));
}

/* Its memory is ours, so that no page is copied; who waits for the maps has a pipe of its own. */
static int pid_child(void *arg)
{
	int *gate = arg;
	char byte;

	close(gate[1]);
	if (read(gate[0], &byte, 1) != 1 || mount("none", "/", NULL, MS_REC | MS_SLAVE, NULL))
		_exit(126);
	if (is("files")) {
		make_root();
		drop_powers();
	} else
		check(mount("proc", "/proc", "proc", MS_NOSUID | MS_NOEXEC | MS_NODEV, NULL));
	execve(program[0], program, environ);
	_exit(127);
}

static void write_map(pid_t pid, const char *name, const char *text)
{
	char path[48];

	snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
	write_file(path, text);
}

static pid_t start_pid(void)
{
	static char stack[1 << 16] __attribute__((aligned(16)));
	static int gate[2]; /* the child reads it when we may have gone on */
	pid_t pid;

	if (pipe2(gate, O_CLOEXEC))
		return -1;
	pid = clone(pid_child, stack + sizeof stack,
		    CLONE_VM | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | SIGCHLD, gate);
	if (pid > 0) {
		write_map(pid, "uid_map", uid_map);
		write_map(pid, "setgroups", "deny");
		write_map(pid, "gid_map", gid_map);
		if (write(gate[1], "", 1) != 1)
			return -1;
	}
	close(gate[0]);
	close(gate[1]);
	return pid;
}

__attribute__((noreturn)) static void child(void)
{
	if (is("join"))
		join();
	else if (is("create"))
		create();
	if (is("raw"))
		syscall(SYS_execve, program[0], program, environ);
	else
		execve(program[0], program, environ);
	_exit(127);
}

static pid_t start(void)
{
	pid_t pid;

	if (is("spawn"))
		return posix_spawn(&pid, program[0], NULL, NULL, program, environ) ? -1 : pid;
	if (is("pid") || is("files"))
		return start_pid();
	pid = is("fork") ? fork() : vfork();
	if (!pid)
		child();
	return pid;
}

static int64_t once(void)
{
	int64_t begin = now();
	int status;
	pid_t pid;

	if (is("miss")) {
		for (int i = 0; i < MISSES; i++)
			if (execve(program[0], program, environ) != -1 || errno != ENOENT)
				return -1;
		return (now() - begin) / MISSES;
	}
	pid = start();
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		return -1;
	return now() - begin;
}

static void fill(size_t size)
{
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		exit(1);
	madvise(memory, size, MADV_NOHUGEPAGE); /* its page tables are what a fork copies */
	for (size_t at = 0; at < size; at += 4096)
		memory[at] = 1;
}

int main(int argc, char **argv)
{
	char order;

	if (argc > 2 && !strcmp(argv[1], "-m")) {
		fill(strtoul(argv[2], NULL, 10) << 20);
		argv += 2;
		argc -= 2;
	}
	if (argc < 3)
		return 2;
	how = argv[1];
	file = argv[2];
	program = argv + 2 + is("join");
	snprintf(uid_map, sizeof uid_map, "0 %u 1\n", geteuid());
	snprintf(gid_map, sizeof gid_map, "0 %u 1\n", getegid());
	while (read(STDIN_FILENO, &order, 1) == 1) {
		int64_t took = once();

		if (write(STDOUT_FILENO, &took, sizeof took) != sizeof took)
			return 1;
	}
	return 0;
}

/*
 * spawn CASE TARGET [ARG]...: calls posix_spawn in one of the ways below, for a comparison of what
 * comes of it here and there. Prints what the call returned, what errno is, how the child ended,
 * and what the parent is afterwards. `spawn list` prints the names of all cases.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static posix_spawnattr_t attr;
static posix_spawn_file_actions_t act;
static posix_spawnattr_t *use_attr;
static posix_spawn_file_actions_t *use_act = &act;
static const char *file;
static char **args;
static bool search, no_pid, twice;
static pid_t other;

static int must(int err)
{
	if (err) {
		printf("in the preparation: %s\n", strerrorname_np(err));
		exit(71);
	}
	return 0;
}

static void flags(int value)
{
	must(posix_spawnattr_setflags(&attr, value));
	use_attr = &attr;
}

static void touch(const char *path, const char *text, mode_t mode)
{
	unlink(path);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, text, strlen(text)) < 0 || fchmod(fd, mode) < 0)
		must(errno);
	close(fd);
}

/* A descriptor at just this number, for the child to find. */
static void have(int fd, int flags_of)
{
	int at = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (dup3(at, fd, flags_of) != fd)
		must(errno);
	close(at);
}

#define OPEN(fd, path, how) must(posix_spawn_file_actions_addopen(&act, fd, path, how, 0640))
#define CLOSE(fd)	    must(posix_spawn_file_actions_addclose(&act, fd))
#define DUP2(from, to)	    must(posix_spawn_file_actions_adddup2(&act, from, to))
#define CHDIR(path)	    must(posix_spawn_file_actions_addchdir_np(&act, path))
#define FCHDIR(fd)	    must(posix_spawn_file_actions_addfchdir_np(&act, fd))
#define CLOSEFROM(fd)	    must(posix_spawn_file_actions_addclosefrom_np(&act, fd))
#define TTY(fd)		    must(posix_spawn_file_actions_addtcsetpgrp_np(&act, fd))

static void on_signal(int sig)
{
	(void)sig;
}

static void dispositions(void)
{
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGRTMIN + 3, SIG_IGN);
	signal(SIGTERM, on_signal);
	signal(SIGRTMAX, on_signal);
}

static void mask(bool all)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGRTMAX);
	if (all)
		sigfillset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
}

static void c_plain(void)
{
	use_act = NULL;
}
static void c_no_actions(void)
{
}
static void c_no_flags(void)
{
	flags(0);
}
static void c_usevfork(void)
{
	flags(0x40);
}
static void c_null_pid(void)
{
	no_pid = true;
}
static void c_dispositions(void)
{
	dispositions();
}
static void c_setsigdef(void)
{
	sigset_t set;
	dispositions();
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	must(posix_spawnattr_setsigdefault(&attr, &set));
	flags(POSIX_SPAWN_SETSIGDEF);
}
static void c_setsigdef_all(void)
{
	sigset_t set;
	dispositions();
	sigfillset(&set);
	must(posix_spawnattr_setsigdefault(&attr, &set));
	flags(POSIX_SPAWN_SETSIGDEF);
}
static void c_sigdef_without_its_flag(void)
{
	c_setsigdef();
	flags(0);
}
static void c_mask_is_inherited(void)
{
	mask(false);
}
static void c_full_mask_is_inherited(void)
{
	mask(true);
}
static void c_setsigmask(void)
{
	sigset_t set;
	mask(false);
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	must(posix_spawnattr_setsigmask(&attr, &set));
	flags(POSIX_SPAWN_SETSIGMASK);
}
static void c_setsigmask_full(void)
{
	sigset_t set;
	sigfillset(&set);
	must(posix_spawnattr_setsigmask(&attr, &set));
	flags(POSIX_SPAWN_SETSIGMASK);
}
static void c_setpgroup_own(void)
{
	flags(POSIX_SPAWN_SETPGROUP);
}
static void c_setpgroup_other(void)
{
	other = fork();
	if (other == 0) {
		setpgid(0, 0);
		for (;;)
			pause();
	}
	setpgid(other, other);
	must(posix_spawnattr_setpgroup(&attr, other));
	flags(POSIX_SPAWN_SETPGROUP);
}
static void c_setpgroup_foreign(void)
{
	must(posix_spawnattr_setpgroup(&attr, 1));
	flags(POSIX_SPAWN_SETPGROUP);
}
static void c_setsid(void)
{
	flags(POSIX_SPAWN_SETSID);
}
static void c_setsid_and_setpgroup(void)
{
	flags(POSIX_SPAWN_SETSID | POSIX_SPAWN_SETPGROUP);
}
static void c_resetids(void)
{
	flags(POSIX_SPAWN_RESETIDS);
}
static void c_scheduler_rr(void)
{
	struct sched_param p = { .sched_priority = 1 };
	must(posix_spawnattr_setschedpolicy(&attr, SCHED_RR));
	must(posix_spawnattr_setschedparam(&attr, &p));
	flags(POSIX_SPAWN_SETSCHEDULER | POSIX_SPAWN_SETSCHEDPARAM);
}
static void c_scheduler_fifo(void)
{
	struct sched_param p = { .sched_priority = 3 };
	must(posix_spawnattr_setschedpolicy(&attr, SCHED_FIFO));
	must(posix_spawnattr_setschedparam(&attr, &p));
	flags(POSIX_SPAWN_SETSCHEDULER);
}
static void c_schedparam_bad(void)
{
	struct sched_param p = { .sched_priority = 3 };
	must(posix_spawnattr_setschedparam(&attr, &p));
	flags(POSIX_SPAWN_SETSCHEDPARAM);
}
static void c_all_attributes(void)
{
	c_setsigmask();
	c_setsigdef();
	must(posix_spawnattr_setschedpolicy(&attr, SCHED_OTHER));
	flags(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP |
	      POSIX_SPAWN_SETSCHEDULER | POSIX_SPAWN_RESETIDS);
}
static void c_open(void)
{
	touch("in", "text", 0644);
	OPEN(7, "in", O_RDONLY);
}
static void c_open_creates(void)
{
	unlink("made");
	OPEN(7, "made", O_WRONLY | O_CREAT | O_EXCL);
}
static void c_open_closes_its_target_first(void)
{
	touch("in", "text", 0644);
	have(7, 0);
	OPEN(7, "in", O_RDONLY);
}
static void c_open_with_cloexec(void)
{
	touch("in", "text", 0644);
	OPEN(7, "in", O_RDONLY | O_CLOEXEC);
	OPEN(3, "in", O_RDONLY | O_CLOEXEC);
}
static void c_open_onto_the_lowest(void)
{
	touch("in", "text", 0644);
	close(0);
	OPEN(0, "in", O_RDONLY | O_CLOEXEC);
}
static void c_open_missing(void)
{
	OPEN(7, "missing", O_RDONLY);
}
static void c_open_what_only_a_namespace_s_root_may(void)
{
	touch("secret", "text", 0);
	OPEN(7, "secret", O_RDONLY);
}
static void c_close(void)
{
	have(7, 0);
	CLOSE(7);
}
static void c_close_what_is_closed(void)
{
	CLOSE(77);
}
static void c_dup2(void)
{
	have(7, O_CLOEXEC);
	DUP2(7, 8);
	DUP2(1, 9);
}
static void c_dup2_onto_itself(void)
{
	have(7, O_CLOEXEC);
	DUP2(7, 7);
}
static void c_dup2_of_a_closed_one(void)
{
	DUP2(77, 7);
}
static void c_dup2_of_a_closed_one_onto_itself(void)
{
	DUP2(77, 77);
}
static void c_dup2_out_of_reach(void)
{
	struct rlimit l = { 20, 20 };
	setrlimit(RLIMIT_NOFILE, &l);
	int err = posix_spawn_file_actions_adddup2(&act, 1, 30);
	printf("adddup2 %d\n", err);
}
static void c_limit_lowered_after_dup2(void)
{
	struct rlimit l = { 20, 20 };
	DUP2(1, 30);
	setrlimit(RLIMIT_NOFILE, &l);
}
static void c_swap_and_close(void)
{
	touch("in", "text", 0644);
	OPEN(7, "in", O_RDONLY);
	DUP2(7, 0);
	CLOSE(7);
	DUP2(1, 2);
}
static void c_chdir(void)
{
	mkdir("below", 0755);
	CHDIR("below");
}
static void c_chdir_missing(void)
{
	CHDIR("missing");
}
static void c_chdir_then_open(void)
{
	mkdir("below", 0755);
	touch("below/in", "below", 0644);
	touch("in", "above", 0644);
	CHDIR("below");
	OPEN(7, "in", O_RDONLY);
}
static void c_fchdir(void)
{
	mkdir("below", 0755);
	int fd = open("below", O_PATH | O_DIRECTORY | O_CLOEXEC);
	FCHDIR(fd);
}
static void c_fchdir_to_a_file(void)
{
	FCHDIR(0);
}
static void c_fchdir_bad(void)
{
	FCHDIR(77);
}
static void c_closefrom(void)
{
	have(7, 0);
	have(100, 0);
	CLOSEFROM(8);
}
static void c_closefrom_then_open(void)
{
	have(7, 0);
	touch("in", "text", 0644);
	CLOSEFROM(3);
	OPEN(7, "in", O_RDONLY);
}
static void c_tcsetpgrp_without_a_terminal(void)
{
	have(7, 0);
	TTY(7);
}
static int terminal(void)
{
	/* A terminal of our own session; the group of the reader is ours. */
	int master = posix_openpt(O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (setsid() < 0 || master < 0 || grantpt(master) || unlockpt(master))
		must(errno);
	int slave = open(ptsname(master), O_RDWR | O_CLOEXEC);
	if (dup2(slave, 9) != 9)
		must(errno);
	signal(SIGHUP, SIG_IGN);
	signal(SIGTTOU, SIG_IGN);
	return 9;
}
static void c_tcsetpgrp(void)
{
	TTY(terminal());
}
static void c_tcsetpgrp_and_setpgroup(void)
{
	TTY(terminal());
	flags(POSIX_SPAWN_SETPGROUP);
}
static void c_relative_program_after_chdir(void)
{
	mkdir("below", 0755);
	unlink("below/prog");
	must(symlink(file, "below/prog") ? errno : 0);
	CHDIR("below");
	file = "./prog";
}
static void c_search_in_a_relative_part_after_chdir(void)
{
	mkdir("below", 0755);
	unlink("below/prog");
	must(symlink(file, "below/prog") ? errno : 0);
	CHDIR("below");
	setenv("PATH", "missing:.:/usr/bin:/bin", 1);
	file = "prog";
	search = true;
}
static void c_actions_happen_though_the_exec_fails(void)
{
	touch("old", "text", 0644);
	unlink("made");
	OPEN(7, "old", O_WRONLY | O_TRUNC);
	OPEN(8, "made", O_WRONLY | O_CREAT);
	file = "./missing";
}
static void c_the_second_action_fails(void)
{
	unlink("made");
	OPEN(8, "made", O_WRONLY | O_CREAT);
	OPEN(7, "missing", O_RDONLY);
	OPEN(9, "never", O_WRONLY | O_CREAT);
}
static void c_program_missing(void)
{
	file = "./missing";
}
static void c_program_not_executable(void)
{
	touch("text", "text", 0644);
	file = "./text";
}
static void c_program_not_ours_to_execute(void)
{
	touch("prog", "#!/bin/sh\necho ran\n", 0655);
	file = "./prog";
}
static void c_program_without_a_format(void)
{
	touch("prog", "echo ran\n", 0755);
	file = "./prog";
}
static void c_program_searched_without_a_format(void)
{
	touch("prog", "echo ran\n", 0755);
	setenv("PATH", ".:/usr/bin:/bin", 1);
	file = "prog";
	search = true;
}
static void c_interpreter_missing(void)
{
	touch("prog", "#!/missing/interpreter\n", 0755);
	file = "./prog";
}
static void c_search_in_a_closed_folder(void)
{
	mkdir("closed", 0755);
	unlink("closed/prog");
	must(symlink(file, "closed/prog") ? errno : 0);
	chmod("closed", 0);
	setenv("PATH", "closed", 1);
	file = "prog";
	search = true;
}
static void c_name_too_long(void)
{
	static char name[NAME_MAX + 2];
	memset(name, 'x', NAME_MAX + 1);
	file = name;
	search = true;
}
static void c_empty_name(void)
{
	file = "";
}
static void c_empty_name_searched(void)
{
	file = "";
	search = true;
}
static void c_every_descriptor_in_use(void)
{
	struct rlimit l = { 64, 64 };
	touch("in", "text", 0644);
	setrlimit(RLIMIT_NOFILE, &l);
	while (open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0)
		;
	OPEN(7, "in", O_RDONLY);
}
static void c_children_are_ignored(void)
{
	signal(SIGCHLD, SIG_IGN);
}
static void c_children_are_ignored_and_it_fails(void)
{
	signal(SIGCHLD, SIG_IGN);
	file = "./missing";
}
static void c_many_arguments(void)
{
	enum { MANY = 20001 };
	static char *list[MANY + 1];
	for (int i = 0; i < MANY; i++)
		list[i] = "x";
	list[0] = "state";
	list[1] = "cwd";
	list[2] = "exit:3";
	args = list;
}
static void c_large_environment(void)
{
	for (int i = 0; i < 1200; i++) {
		char name[32];
		snprintf(name, sizeof name, "A_VARIABLE_%d", i);
		setenv(name, "of some length, of some length", 1);
	}
}
static void c_copied_actions(void)
{
	static posix_spawn_file_actions_t copy;
	c_swap_and_close();
	copy = act;
	use_act = &copy;
}
static void c_zeroed_actions(void)
{
	static posix_spawn_file_actions_t zero;
	use_act = &zero;
}
static void c_used_twice(void)
{
	c_swap_and_close();
	twice = true;
}
static void c_initialized_again(void)
{
	c_swap_and_close();
	must(posix_spawn_file_actions_init(&act));
	OPEN(7, "in", O_RDONLY);
}
static void c_many_actions(void)
{
	touch("in", "text", 0644);
	for (int i = 0; i < 200; i++) {
		OPEN(20 + i, "in", O_RDONLY);
		if (i % 3 == 0)
			CLOSE(20 + i);
		if (i % 3 == 1)
			DUP2(20 + i, 300);
	}
}
static void c_cannot_be_cancelled(void)
{
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
}

static const struct {
	const char *name;
	void (*prepare)(void);
} cases[] = {
#define C(name)                                                                                    \
	{                                                                                          \
#name, c_##name                                                                    \
	}
	C(plain),
	C(no_actions),
	C(no_flags),
	C(usevfork),
	C(null_pid),
	C(dispositions),
	C(setsigdef),
	C(setsigdef_all),
	C(sigdef_without_its_flag),
	C(mask_is_inherited),
	C(full_mask_is_inherited),
	C(setsigmask),
	C(setsigmask_full),
	C(setpgroup_own),
	C(setpgroup_other),
	C(setpgroup_foreign),
	C(setsid),
	C(setsid_and_setpgroup),
	C(resetids),
	C(scheduler_rr),
	C(scheduler_fifo),
	C(schedparam_bad),
	C(all_attributes),
	C(open),
	C(open_creates),
	C(open_closes_its_target_first),
	C(open_with_cloexec),
	C(open_onto_the_lowest),
	C(open_missing),
	C(open_what_only_a_namespace_s_root_may),
	C(close),
	C(close_what_is_closed),
	C(dup2),
	C(dup2_onto_itself),
	C(dup2_of_a_closed_one),
	C(dup2_of_a_closed_one_onto_itself),
	C(dup2_out_of_reach),
	C(limit_lowered_after_dup2),
	C(swap_and_close),
	C(chdir),
	C(chdir_missing),
	C(chdir_then_open),
	C(fchdir),
	C(fchdir_to_a_file),
	C(fchdir_bad),
	C(closefrom),
	C(closefrom_then_open),
	C(tcsetpgrp_without_a_terminal),
	C(tcsetpgrp),
	C(tcsetpgrp_and_setpgroup),
	C(relative_program_after_chdir),
	C(search_in_a_relative_part_after_chdir),
	C(actions_happen_though_the_exec_fails),
	C(the_second_action_fails),
	C(program_missing),
	C(program_not_executable),
	C(program_not_ours_to_execute),
	C(program_without_a_format),
	C(program_searched_without_a_format),
	C(interpreter_missing),
	C(search_in_a_closed_folder),
	C(name_too_long),
	C(empty_name),
	C(empty_name_searched),
	C(every_descriptor_in_use),
	C(children_are_ignored),
	C(children_are_ignored_and_it_fails),
	C(many_arguments),
	C(large_environment),
	C(copied_actions),
	C(zeroed_actions),
	C(used_twice),
	C(initialized_again),
	C(many_actions),
	C(cannot_be_cancelled),
};

static void call(void)
{
	pid_t pid = -77;
	struct stat st;
	char cwd[PATH_MAX];
	sigset_t now;
	int status = -1, state;
	errno = ENOTTY;
	int err = (search ? posix_spawnp : posix_spawn)(no_pid ? NULL : &pid, file, use_act,
							use_attr, args, environ);
	int after = errno;
	pid_t got = waitpid(no_pid ? -1 : pid, &status, 0);
	printf("returned %s, pid %s, child %s, status %x\n", err ? strerrorname_np(err) : "0",
	       pid == -77 ? "not written" : "written", got > 0 ? "waited" : "none",
	       got > 0 ? status : -1);
	/* Programs perror() it. Where children are ignored, glibc's own is that of its wait. */
	if (err && after != err && after != ECHILD)
		printf("but errno is %s\n", strerrorname_np(after));
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	sigprocmask(SIG_BLOCK, NULL, &now);
	printf("cancel state %d, blocked USR1 %d RTMAX %d ALRM %d, cwd %s\n", state,
	       sigismember(&now, SIGUSR1), sigismember(&now, SIGRTMAX), sigismember(&now, SIGALRM),
	       getcwd(cwd, sizeof cwd));
	for (const char *const *f = (const char *const[]){ "old", "made", "never", NULL }; *f; f++)
		if (!stat(*f, &st))
			printf("%s: mode %o, size %ld, owner %s\n", *f, st.st_mode & 07777,
			       (long)st.st_size, st.st_uid == getuid() ? "me" : "another");
	if (fcntl(9, F_GETFD) >= 0 && isatty(9))
		printf("terminal: %s\n", tcgetpgrp(9) == getpgrp() ? "ours" : "another's");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	enum { CASES = sizeof cases / sizeof *cases };
	if (argc == 2 && !strcmp(argv[1], "list")) {
		for (int i = 0; i < CASES; i++)
			printf("%s\n", cases[i].name);
		return 0;
	}
	if (argc < 3)
		return 71;
	must(posix_spawnattr_init(&attr));
	must(posix_spawn_file_actions_init(&act));
	file = argv[2];
	args = argv + 2;
	for (int i = 0; i < CASES; i++)
		if (!strcmp(cases[i].name, argv[1])) {
			cases[i].prepare();
			fflush(stdout);
			call();
			if (twice)
				call();
			if (other > 0)
				kill(other, SIGKILL);
			return 0;
		}
	return 71;
}

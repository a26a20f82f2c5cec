/*
 * spawn-parity [threads|vfork]: reads a table, makes each of its posix_spawn calls, and tells in
 * one line each what came of it, so that the lines with a preloaded library and without can be
 * compared. The working directory holds bin/ with child-report as `report`; a child's line comes by
 * `out`.
 *
 * A line: NAME WORD...; the words are carried out from left to right in a process of its own.
 * WORD   of the caller:     ignore=SET handle=SET block=SET limit=N fill fd=N[,cloexec] cd=DIR
 *                           PATH=VALUE no-PATH nice=N busy=FILE dumpable=N ids=REAL,EFFECTIVE
 *                           pty (it has one) background (of that) terminal (another, as a file)
 *        of the actions:    +close=N +dup=N,N +open=N,FLAGS,MODE,PATH +chdir=DIR +fchdir=N
 *                           +closefrom=N +tcsetpgrp=N
 *        of the attributes: @FLAG... (setsid resetids usevfork, or a number) @pgroup=N @mask=SET
 *                           @default=SET @param=N @sched=POLICY,N
 *        of the call:       args=N argv0=NAME no-argv env=NAME=VALUE no-env null-env null-pid twice
 *                           copy zero long=N spawn=FILE spawnp=FILE old=FILE oldp=FILE
 *                           pidfd=FILE pidfdp=FILE
 * SET    all, or numbers with commas; raw numbers, so that 32 and 33 are libc's own signals
 */
#include "tests/prog/spawn-words.h"
#include "shim/versions.h"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

extern char **environ;

typedef int spawn_function(pid_t *, const char *, const posix_spawn_file_actions_t *,
			   const posix_spawnattr_t *, char *const *, char *const *);

static bool in_vfork, threads;
static int children, entered;

/* A number that says what this process has, to notice a call that changed it. */
static unsigned long self(void)
{
	unsigned long sum = 0, mask = 0;
	char cwd[4096] = "";
	struct sigaction now;

	syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &mask, sizeof mask);
	for (int fd = 0; fd < 1024; fd++)
		sum = sum * 31 + (unsigned)fcntl(fd, F_GETFD) + 2;
	for (int sig = 1; sig < 65; sig++)
		sum = sum * 31 + (sigaction(sig, NULL, &now) ? 0 : (unsigned long)now.sa_handler);
	must(getcwd(cwd, sizeof cwd) || errno == ENOENT, "getcwd");
	for (char *c = cwd; *c; c++)
		sum = sum * 31 + (unsigned char)*c;
	return sum * 31 + mask + (unsigned)getpgrp() + (unsigned)prctl(PR_GET_DUMPABLE);
}

static struct call {
	const char *file;
	spawn_function *how;
	int rc[2], err, status[2];
	bool wrote_pid;
	pid_t pid, group, session, foreground;
} call;

/* Not what the child sees: in a pid namespace of its own that knows no number of ours. */
static void look_at(pid_t pid)
{
	siginfo_t ended;
	int err;

	do
		err = waitid(P_PID, (id_t)pid, &ended, WEXITED | WNOWAIT) ? errno : 0;
	while (err == EINTR);
	if (err)
		return; /* SIGCHLD is ignored */
	call.pid = pid;
	call.group = getpgid(pid);
	call.session = getsid(pid);
	call.foreground = tcgetpgrp(0);
}

/* In this process, or in a vfork child of it that may write `call` and nothing else. */
static void do_call(void)
{
	posix_spawn_file_actions_t other_actions;
	posix_spawnattr_t other_attr;

	memcpy(&other_actions, &actions, sizeof actions);
	memcpy(&other_attr, &attr, sizeof attr);
	for (int i = 0; i < times; i++) {
		pid_t pid = -77;
		int status = 0;

		errno = EXFULL;
		call.rc[i] = call.how(null_pid ? NULL : &pid, call.file,
				      !with_actions ? NULL
				      : copy	    ? &other_actions
						    : &actions,
				      !with_attr ? NULL
				      : copy	 ? &other_attr
						 : &attr,
				      argv, envp);
		call.err = errno;
		call.wrote_pid = pid != -77;
		if (!call.rc[i] && pid > 0)
			look_at(pid);
		if (!call.rc[i] && waitpid(null_pid ? -1 : pid, &status, 0) < 0)
			status = -errno;
		call.status[i] = status;
	}
	if (call.rc[times - 1] && (waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD))
		call.err = -1; /* a child is left */
}

static void *idle(void *p)
{
	pause();
	return p;
}

static void make_call(void)
{
	unsigned long before = self();
	pthread_t thread;

	must(!threads || !pthread_create(&thread, NULL, idle, NULL), "thread");
	if (!in_vfork) {
		do_call();
	} else if (!vfork()) {
		do_call();
		_exit(0);
	}
	for (int i = 0; i < times; i++) {
		if (call.rc[i])
			printf(" %s", strerrorname_np(call.rc[i]));
		else if (call.status[i] < 0)
			printf(" wait=%s", strerrorname_np(-call.status[i]));
		else if (WIFSIGNALED(call.status[i]))
			printf(" killed=%d", WTERMSIG(call.status[i]));
		else
			printf(" exit=%d", WEXITSTATUS(call.status[i]));
	}
	if (call.group > 0)
		printf(" leads=%d,%d,%d", call.group == call.pid, call.session == call.pid,
		       call.foreground == call.pid);
	/* libc leaves in errno what it tolerated, on the way to success or after a failure. */
	if (call.rc[times - 1] && call.err != call.rc[times - 1] && call.err != ECHILD)
		printf(" errno=%d", call.err);
	if (call.wrote_pid != (!null_pid && !call.rc[times - 1]))
		printf(" pid-written=%d", call.wrote_pid);
	if (self() != before)
		printf(" THE CALLER CHANGED");
}

static void *old_version(const char *name)
{
	void *f = NULL;

#ifdef VERSION_SHELL
	f = dlvsym(RTLD_DEFAULT, name, VERSION_TEXT(VERSION_SHELL));
#endif
	return f ? f : dlsym(RTLD_DEFAULT, name);
}

/* The pid has its descriptor at the end; libc without the functions has the child all the same. */
static int by_pidfd(const char *name, spawn_function *instead, pid_t *pid, const char *file,
		    const posix_spawn_file_actions_t *act, const posix_spawnattr_t *at,
		    char *const *args, char *const *env)
{
	spawn_function *how = (spawn_function *)dlsym(RTLD_DEFAULT, name);
	siginfo_t ended = { 0 };
	int fd = -77, err;

	if (!how)
		return instead(pid, file, act, at, args, env);
	err = how(&fd, file, act, at, args, env);
	if (err) {
		*pid = fd;
		return err;
	}
	while (waitid(P_PIDFD, (id_t)fd, &ended, WEXITED | WNOWAIT) && errno == EINTR)
		;
	*pid = ended.si_pid ? ended.si_pid : -1; /* SIGCHLD is ignored */
	close(fd);
	errno = EXFULL;
	return 0;
}

static int pidfd(pid_t *pid, const char *file, const posix_spawn_file_actions_t *act,
		 const posix_spawnattr_t *at, char *const *args, char *const *env)
{
	return by_pidfd("pidfd_spawn", posix_spawn, pid, file, act, at, args, env);
}

static int pidfdp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *act,
		  const posix_spawnattr_t *at, char *const *args, char *const *env)
{
	return by_pidfd("pidfd_spawnp", posix_spawnp, pid, file, act, at, args, env);
}

static bool do_spawn(char *word)
{
	if ((call.file = is(word, "spawn")))
		call.how = posix_spawn;
	else if ((call.file = is(word, "spawnp")))
		call.how = posix_spawnp;
	else if ((call.file = is(word, "old")))
		call.how = old_version("posix_spawn");
	else if ((call.file = is(word, "oldp")))
		call.how = old_version("posix_spawnp");
	else if ((call.file = is(word, "pidfd")))
		call.how = pidfd;
	else if ((call.file = is(word, "pidfdp")))
		call.how = pidfdp;
	else
		return false;
	make_call();
	return true;
}

static void do_line(char *line)
{
	char *word = strtok(line, " ");

	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attr);
	envp = environ;
	argc = 0;
	more_arguments(1, "arg0");
	printf("%s:", word);
	while ((word = strtok(NULL, " "))) {
		int err = *word == '+' ? add(word) : *word == '@' ? set(word) : 0;

		if (err)
			printf(" %s=%s", word, strerrorname_np(err));
		if (!strchr("+@", *word) && !do_caller(word) && !do_shape(word))
			must(do_spawn(word), word);
	}
}

/* What the children of the line wrote: two lines each. */
static void tell_children(const char *uts)
{
	char line[1 << 16], ns[80];
	FILE *out = fopen("out", "r");

	while (out && fgets(line, sizeof line, out) && fgets(ns, sizeof ns, out)) {
		line[strcspn(line, "\n")] = '\0';
		printf(" :%s", line);
		children++;
		entered += strncmp(ns, uts, strlen(uts)) != 0;
	}
	if (out)
		fclose(out);
	puts("");
}

int main(int count, char **mode)
{
	static char line[1 << 16];
	char uts[80] = "";
	int status;

	threads = count > 1 && !strcmp(mode[1], "threads");
	in_vfork = count > 1 && !strcmp(mode[1], "vfork");
	if (readlink("/proc/self/ns/uts", uts, sizeof uts - 1) < 0)
		return 1;
	while (fgets(line, sizeof line, stdin)) {
		line[strcspn(line, "\n")] = '\0';
		if (!*line || *line == '#')
			continue;
		if (truncate("out", 0))
			return 1;
		fflush(stdout);
		if (!fork()) {
			do_line(line);
			fflush(stdout);
			_exit(0);
		}
		wait(&status);
		if (status)
			printf(" the caller ended with %d", status);
		tell_children(uts);
	}
	printf("%d children, %d entered\n", children, entered);
	return 0;
}

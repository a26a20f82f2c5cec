/*
 * life WAY [PART]...: starts children by one way, and tells in lines `SCENARIO: WHAT = VALUE` all
 * that their parent can see of their lives; no pid, time or address is in them, so the lines can be
 * compared: with and without namespaces they are to be the same. life-child and state lie beside it.
 *
 * WAY   spawn, spawn-own-group, spawn-group (an existing one), spawn-session, spawn-signals: by
 *       posix_spawn and its attributes; fork, vfork: and execve; double: a grandchild that is adopted
 * PART  exits signals cores stops sigchld waits handles groups terminal death queue ends
 */
#include "tests/prog/life-more.h"

#include <dirent.h>
#include <sys/stat.h>

/* In a session of its own there is no job control: but SIGSTOP stops nothing. */
static bool ignored(int sig)
{
	return sig == SIGCHLD || sig == SIGCONT || sig == SIGURG || sig == SIGWINCH ||
	       (is_way("spawn-session") && sig > SIGSTOP && sig <= SIGTTOU);
}

static void exits(void)
{
	static const int status[] = { 0, 1, 2, 42, 63, 64, 125, 126, 127, 128, 129, 137, 254, 255 };

	for (size_t i = 0; i < sizeof status / sizeof *status; i++) {
		begin("exit %d", status[i]);
		start("exit:%d", status[i]);
		look_exit();
		end();
	}
}

/* What a child that has just been sent, or has raised, the signal comes to. */
static void see(void)
{
	int code = look(WEXITED | WSTOPPED);

	if (code != CLD_STOPPED)
		return;
	kill(child, SIGCONT);
	look(WCONTINUED);
	release();
	look_exit();
}

static void one_signal(int sig)
{
	begin("raise %d", sig);
	start("plain raise:%d wait exit:7", sig);
	if (ignored(sig))
		release();
	see();
	end();

	begin("kill %d", sig);
	start("plain ready wait exit:7");
	expect_ready();
	kill(child, sig);
	if (ignored(sig)) {
		usleep(2000);
		release();
	}
	see();
	end();
}

static void signals(void)
{
	for (int sig = 1; sig <= 64; sig++)
		one_signal(sig);
}

/* With a core, where the system writes such. */
static void cores(void)
{
	static const int dumping[] = { SIGQUIT, SIGILL,	 SIGTRAP, SIGABRT, SIGBUS,  SIGFPE,
				       SIGSEGV, SIGXCPU, SIGXFSZ, SIGSYS,  SIGTERM, SIGKILL };
	struct rlimit most, before;
	struct dirent *entry;
	int files = 0;

	getrlimit(RLIMIT_CORE, &before);
	most = before;
	most.rlim_cur = most.rlim_max;
	must(!mkdir("cores", 0700) && !chdir("cores"), "a folder for cores");
	setrlimit(RLIMIT_CORE, &most);
	for (size_t i = 0; i < sizeof dumping / sizeof *dumping; i++) {
		one_signal(dumping[i]);
		DIR *here = opendir(".");

		for (files = 0; here && (entry = readdir(here));)
			if (*entry->d_name != '.' && !unlink(entry->d_name))
				files++;
		closedir(here);
		say("core files", "%d", files > 0);
	}
	setrlimit(RLIMIT_CORE, &before);
	must(!chdir("..") && !rmdir("cores"), "the folder for cores");
}

static void stop_twice(int sig)
{
	begin("stop by %d", sig);
	start("plain ready tick exit:5");
	expect_ready();
	for (int i = 0; i < 2; i++) {
		kill(child, sig);
		if (look(WSTOPPED | WEXITED) != CLD_STOPPED)
			break;
		say("runs while it is stopped", "%s", ticks(60) ? "yes" : "no");
		kill(child, SIGCONT);
		look(WCONTINUED | WEXITED);
		say("runs again", "%s", ticks(3000) ? "yes" : "no");
	}
	release();
	look_exit();
	(void)ticks(0);
	end();
}

static void stop_then(int sig, int other)
{
	begin("stop by %d, then %d", sig, other);
	start("plain ready wait exit:5");
	expect_ready();
	kill(child, sig);
	if (look(WSTOPPED | WEXITED) == CLD_STOPPED) {
		say("wait without WUNTRACED", "%s", wait_pid(child, WNOHANG, NULL));
		kill(child, other);
		if (other != SIGKILL) {
			usleep(5000);
			say("a signal while it is stopped", "%s",
			    wait_pid(child, WNOHANG | WUNTRACED, NULL));
			uncounted = true; /* continued and at an end: one SIGCHLD or two */
			kill(child, SIGCONT);
		}
		look_exit();
	}
	end();
}

static void stop_itself(int sig)
{
	begin("stops itself by %d", sig);
	start("plain raise:%d wait raise:%d wait raise:%d wait exit:9", sig, sig, sig);
	for (int i = 0; i < 3; i++) {
		if (look(WSTOPPED | WEXITED) != CLD_STOPPED)
			break;
		kill(child, SIGCONT);
		look(WCONTINUED | WEXITED);
		release();
	}
	look_exit();
	end();
}

static void stop(void)
{
	for (int sig = SIGSTOP; sig <= SIGTTOU; sig++) {
		if (ignored(sig))
			continue;
		stop_twice(sig);
		stop_itself(sig);
		stop_then(sig, SIGTERM);
		stop_then(sig, SIGKILL);
	}
}

static const struct part {
	const char *name;
	void (*run)(void);
} parts[] = {
	{ "exits", exits },	{ "signals", signals }, { "cores", cores },
	{ "stops", stop },	{ "sigchld", sigchld }, { "waits", waits },
	{ "handles", handles }, { "groups", groups },	{ "terminal", terminal },
	{ "death", death },	{ "queue", queue },	{ "ends", ends },
};

static void on_nothing(int sig)
{
	(void)sig;
}

static int live(char **wanted)
{
	setpgid(0, 0);
	on_signals(0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setvbuf(stdout, NULL, _IOLBF, 0);
	prctl(PR_SET_CHILD_SUBREAPER, is_way("double"));
	signal(SIGRTMIN + 2, on_nothing); /* for the group */
	signal(SIGPIPE, on_nothing);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		bool run = !*wanted;

		for (char **w = wanted; *w; w++)
			run |= !strcmp(*w, parts[i].name);
		if (run)
			parts[i].run();
	}
	return 0;
}

static pid_t start_leader(void)
{
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setpgid(0, 0);
		while (pause())
			;
	}
	setpgid(pid, pid);
	return pid;
}

int main(int argc, char **argv)
{
	struct rlimit core;
	int status, known = 0;
	pid_t pid;

	for (size_t i = 0; argc > 1 && i < sizeof ways / sizeof *ways; i++)
		known += !strcmp(argv[1], ways[i]);
	if (!known)
		return 71;
	way = argv[1];
	find_beside(argv[0]);
	getrlimit(RLIMIT_CORE, &core);
	core.rlim_cur = 0;
	setrlimit(RLIMIT_CORE, &core);
	/* In a group of its own, below a parent in another: so its children are never orphaned
	 * groups, where the signals of job control do nothing. */
	leader = start_leader();
	pid = fork();
	if (!pid)
		exit(live(argv + 2));
	setpgid(pid, pid);
	waitpid(pid, &status, 0);
	kill(leader, SIGKILL);
	if (WIFSIGNALED(status))
		printf("life itself was killed by %d\n", WTERMSIG(status));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* For life.c: the scenarios of SIGCHLD, of waiting, of pidfds, and of what goes with a child's end. */
#include "tests/prog/life-jobs.h"

#include <sys/pidfd.h>

/* The same three events, under each thing that a parent may do with SIGCHLD. */
static void stop_and_end(void)
{
	start("plain ready wait exit:3");
	expect_ready();
	kill(child, SIGSTOP);
	usleep(20000);
	kill(child, SIGCONT);
	usleep(20000);
	release();
	while (!at_end(from_child, LIMIT * 1000))
		;
}

static void sigchld(void)
{
	struct timespec none = { 0 };
	sigset_t set, before;
	siginfo_t info;
	int count = 0;

	if (is_way("double"))
		return; /* the one between would be counted too */
	begin("SIGCHLD handled");
	stop_and_end();
	say("wait", "%s", wait_pid(-1, 0, NULL));
	end();

	begin("SIGCHLD with SA_NOCLDSTOP");
	on_signals(SA_NOCLDSTOP);
	stop_and_end();
	say("wait", "%s", wait_pid(-1, 0, NULL));
	end();

	begin("SIGCHLD with SA_NOCLDWAIT");
	on_signals(SA_NOCLDWAIT);
	stop_and_end();
	say("wait", "%s", wait_pid(-1, 0, NULL));
	end();

	begin("SIGCHLD ignored");
	signal(SIGCHLD, SIG_IGN);
	stop_and_end();
	say("wait", "%s", wait_pid(-1, 0, NULL));
	end();
	begin("SIGCHLD ignored, what the child has");
	signal(SIGCHLD, SIG_IGN);
	start_file((char *[]){ state_path, "mask", "ignored", "children", NULL });
	for (int i = 0; i < 3; i++)
		say("a line of state", "%s", said());
	say("wait", "%s", wait_pid(child, 0, NULL));
	end();
	on_signals(0);

	begin("SIGCHLD blocked");
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &before);
	start("plain ready wait exit:3");
	expect_ready();
	sigpending(&set);
	say("pending while it lives", "%d", sigismember(&set, SIGCHLD));
	release();
	say("wait", "%s", wait_pid(child, 0, NULL));
	usleep(20000);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	while (sigtimedwait(&set, &info, &none) == SIGCHLD) {
		count++;
		say("its information", "%s %d, %s", code_name(info.si_code), info.si_status,
		    info.si_pid == child ? "its pid" : "ANOTHER PID");
	}
	say("how many", "%d", count);
	sigprocmask(SIG_SETMASK, &before, NULL);
	end();
}

static void count_children(const char *what, int flags)
{
	int count = 0, of_it = 0, err;
	pid_t pid;

	start("exit:6");
	limit(LIMIT);
	while ((pid = waitpid(-1, NULL, flags)) > 0 || (errno == EINTR && !timed_out)) {
		count += pid > 0;
		of_it += pid == child;
	}
	err = errno;
	limit(0);
	say(what, "%d children, %d of them mine, then %s", count, of_it, strerrorname_np(err));
}

static long milliseconds(const struct rusage *r)
{
	return (r->ru_utime.tv_sec + r->ru_stime.tv_sec) * 1000 +
	       (r->ru_utime.tv_usec + r->ru_stime.tv_usec) / 1000;
}

static void waits(void)
{
	siginfo_t info;
	struct rusage of_one = { 0 }, before, after;
	long ms;

	begin("wait for any");
	say("before", "%s", wait_pid(-1, __WALL, NULL));
	count_children("plain", 0);
	count_children("__WALL", __WALL);
	start("plain ready wait exit:8");
	expect_ready();
	say("__WCLONE", "%s", wait_pid(-1, WNOHANG | __WCLONE, NULL));
	say("WNOHANG", "%s", wait_pid(-1, WNOHANG, NULL));
	say("__WNOTHREAD", "%s", wait_pid(child, WNOHANG | __WNOTHREAD, NULL));
	release();
	say("waitid any", "%d", wait_id(P_ALL, 0, &info, WEXITED | WNOWAIT));
	say("it says", "%s %d, %s", code_name(info.si_code), info.si_status,
	    info.si_pid == child ? "its pid" : "ANOTHER PID");
	say("kill of a zombie", "%d", kill(child, 0));
	say("taken", "%s", wait_pid(-1, __WALL, NULL));
	end();

	begin("wait for a group");
	start("plain ready wait exit:8");
	expect_ready();
	pid_t group = getpgid(child);
	release();
	say("the child", "%s", wait_pid(-group, 0, NULL));
	say("then", "%s", wait_pid(-group, 0, NULL));
	end();

	begin("resources");
	getrusage(RUSAGE_CHILDREN, &before);
	start("burn:60 exit:1");
	say("wait", "%s", wait_pid(child, 0, &of_one));
	getrusage(RUSAGE_CHILDREN, &after);
	ms = milliseconds(&of_one);
	say("processor time of 60 ms", "%s", ms >= 50 && ms < 500 ? "about so" : "WRONG");
	ms = milliseconds(&after) - milliseconds(&before);
	say("the sum of all children", "%s", ms >= 50 && ms < 500 ? "about so" : "WRONG");
	say("memory", "%s", of_one.ru_maxrss > 500 ? "some" : "NONE");
	end();

	begin("two at once");
	start("plain ready wait exit:11");
	expect_ready();
	pid_t first = child;
	int to = to_child, from = from_child, status;
	to_child = from_child = -1;
	start("plain ready raise:15");
	expect_ready();
	say("the second", "%s", wait_pid(-1, 0, NULL));
	(void)!write(to, "\n", 1);
	while (waitpid(first, &status, 0) < 0 && errno == EINTR)
		;
	say("the first", "%s", status_text(status));
	say("the first one's pipe", "%s", at_end(from, 1000) ? "end of file" : "OPEN");
	close(to);
	close(from);
	end();
}

static void handles(void)
{
	struct pollfd p = { .events = POLLIN };
	siginfo_t info;

	begin("pidfd");
	start("plain ready wait exit:4");
	expect_ready();
	p.fd = (int)syscall(SYS_pidfd_open, child, 0);
	must(p.fd >= 0, "pidfd_open");
	say("poll while it lives", "%d", poll(&p, 1, 0));
	int rc = wait_id((idtype_t)3, (id_t)p.fd, &info, WEXITED | WNOHANG);
	say("waitid while it lives", "%d, pid %d", rc, info.si_pid);
	say("signal 0", "%d", (int)syscall(SYS_pidfd_send_signal, p.fd, 0, NULL, 0));
	say("SIGTERM", "%d", (int)syscall(SYS_pidfd_send_signal, p.fd, SIGTERM, NULL, 0));
	while (poll(&p, 1, LIMIT * 1000) < 0 && errno == EINTR)
		;
	say("poll", "%x", p.revents);
	rc = wait_id((idtype_t)3, (id_t)p.fd, &info, WEXITED);
	say("waitid", "%d, %s %d, %s", rc, code_name(info.si_code), info.si_status,
	    info.si_pid == child ? "its pid" : "ANOTHER PID");
	rc = (int)syscall(SYS_pidfd_send_signal, p.fd, 0, NULL, 0);
	say("signal afterwards", "%s", rc ? strerrorname_np(errno) : "0");
	close(p.fd);
	end();

	begin("as /proc shows it");
	start("plain ready wait exit:4");
	expect_ready();
	show_proc();
	release();
	look_exit();
	end();
}

/* What was sent before it looks: realtime signals all, in order; of others one. */
static void queue(void)
{
	static const int sent[] = { SIGUSR1, SIGTERM, SIGCONT, SIGWINCH, SIGTTOU, 34, 35, 50, 64 };

	for (size_t i = 0; i < sizeof sent / sizeof *sent; i++) {
		begin("fifty times %d", sent[i]);
		start("plain block ready wait pending");
		expect_ready();
		for (int n = 1; n <= 50; n++)
			must(!sigqueue(child, sent[i], (union sigval){ .sival_int = n }),
			     "sigqueue");
		usleep(50000);
		release();
		say("what came", "%s", said());
		look_exit();
		end();
	}
	begin("one each, by kill");
	start("plain block ready wait pending");
	expect_ready();
	for (int sig = 1; sig <= 64; sig++)
		if (sig != SIGKILL && sig != SIGSTOP && sig != SIGCONT)
			must(!syscall(SYS_kill, child, sig), "kill");
	usleep(50000);
	release();
	say("what came", "%s", said());
	look_exit();
	end();
}

static void ends(void)
{
	begin("what the child has");
	char *words[] = { state_path, "args", "env",	 "fds",	     "mask",	  "ignored",
			  "ids",      "cwd",  "umask",	 "nice",     "sched",	  "rlimits",
			  "dumpable", "comm", "threads", "children", "pdeathsig", NULL };
	signal(SIGUSR1, SIG_IGN);
	start_file(words);
	signal(SIGUSR1, SIG_DFL);
	for (const char *line = said(); *line != '('; line = said())
		say("a line of state", "%.*s", (int)strcspn(line, "["), line); /* pipe:[N] */
	say("wait", "%s", wait_pid(child, 0, NULL));
	end();

	begin("a daemon that outlives it");
	start("daemon:400 ready exit:2");
	expect_ready();
	look_exit();
	say("the pipe is open without it", "%s", at_end(from_child, 100) ? "no" : "yes");
	say("the end of file comes", "%s", at_end(from_child, 5000) ? "yes" : "no");
	for (int i = 0; i < 50 && waitpid(-1, NULL, WNOHANG) != -1; i++)
		usleep(10000);
	end();

	begin("its parameters from outside");
	start("plain ready wait nice exit:0");
	expect_ready();
	say("setpriority", "%d", setpriority(PRIO_PROCESS, (id_t)child, 7));
	say("getpriority", "%d", getpriority(PRIO_PROCESS, (id_t)child));
	release();
	say("the child", "%s", said());
	look_exit();
	end();
}

/* For life.c: all that wait, waitid and SIGCHLD show of one event in the life of `child`. */
#include "tests/prog/life-start.h"

static volatile sig_atomic_t last_code, last_status, last_pid, timed_out;

static void on_child(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	children_signals++;
	last_code = info->si_code;
	last_status = info->si_status;
	last_pid = info->si_uid == getuid() ? info->si_pid : -1;
}

static void on_alarm(int sig)
{
	(void)sig;
	timed_out = 1;
}

static void limit(int seconds)
{
	/* Again and again: the first may come just before the call that it shall end. */
	struct itimerval t = { { .tv_usec = seconds ? 100000 : 0 }, { .tv_sec = seconds } };

	timed_out = 0;
	setitimer(ITIMER_REAL, &t, NULL);
}

static void on_signals(int flags)
{
	struct sigaction chld = { .sa_sigaction = on_child, .sa_flags = SA_SIGINFO | flags };
	struct sigaction alrm = { .sa_handler = on_alarm };

	sigaction(SIGCHLD, &chld, NULL);
	sigaction(SIGALRM, &alrm, NULL);
}

static const char *code_name(int code)
{
	static const char *const names[] = { "none",	     "CLD_EXITED",  "CLD_KILLED",
					     "CLD_DUMPED",   "CLD_TRAPPED", "CLD_STOPPED",
					     "CLD_CONTINUED" };

	return code >= 0 && code <= 6 ? names[code] : "?";
}

static const char *status_text(int status)
{
	static char text[80];

	if (WIFEXITED(status))
		snprintf(text, sizeof text, "exited %d", WEXITSTATUS(status));
	else if (WIFSIGNALED(status))
		snprintf(text, sizeof text, "killed %d%s", WTERMSIG(status),
			 WCOREDUMP(status) ? " core" : "");
	else if (WIFSTOPPED(status))
		snprintf(text, sizeof text, "stopped %d", WSTOPSIG(status));
	else
		snprintf(text, sizeof text, WIFCONTINUED(status) ? "continued" : "? %x", status);
	return text;
}

/* waitid that ends in time: with 0, or an errno. */
static int wait_id(idtype_t type, id_t id, siginfo_t *info, int flags)
{
	int rc;

	memset(info, 0, sizeof *info);
	limit(LIMIT);
	while ((rc = waitid(type, id, info, flags)) && errno == EINTR && !timed_out)
		;
	rc = rc ? errno : 0;
	limit(0);
	return rc;
}

/* waitpid, the same way: what came, in words. */
static const char *wait_pid(pid_t pid, int flags, struct rusage *usage)
{
	static char text[100];
	int status = 0;
	pid_t got;

	limit(LIMIT);
	while ((got = wait4(pid, &status, flags, usage)) < 0 && errno == EINTR && !timed_out)
		;
	int err = errno;
	limit(0);
	if (got <= 0)
		return !got ? "nothing" : strerrorname_np(err);
	snprintf(text, sizeof text, "%s%s", status_text(status), got != child ? " OF ANOTHER" : "");
	return text;
}

/* Waits for the next event, looks at it in every way there is, and takes it. Returns its code. */
static int look(int flags)
{
	siginfo_t a, b;
	int rc = wait_id(P_PID, (id_t)child, &a, flags | WNOWAIT);

	if (rc) {
		say("waitid", "%s", rc == EINTR ? "NOTHING IN TIME" : strerrorname_np(rc));
		kill(child, SIGKILL);
		kill(child, SIGCONT);
		say("killed, as nothing came", "%s", wait_pid(child, 0, NULL));
		return 0;
	}
	events++;
	/* The parent may see that a child was stopped or continued before it has the signal. */
	for (int i = 0; i < 1000 && !uncounted && children_signals < events; i++)
		usleep(200);
	say("waitid", "%s %d, signal %d, %s, %s", code_name(a.si_code), a.si_status, a.si_signo,
	    a.si_pid == child ? "its pid" : "ANOTHER PID",
	    a.si_uid == getuid() ? "my uid" : "ANOTHER UID");
	rc = wait_id(P_PID, (id_t)child, &b, flags | WNOWAIT);
	if (rc || a.si_code != b.si_code || a.si_status != b.si_status || a.si_pid != b.si_pid)
		say("waitid again", "%s %d", code_name(b.si_code), b.si_status);
	say("wait4", "%s",
	    wait_pid(child,
		     (flags & WSTOPPED ? WUNTRACED : 0) | (flags & WCONTINUED ? WCONTINUED : 0),
		     NULL));
	if (uncounted)
		return a.si_code;
	if (children_signals != events || last_code != a.si_code || last_status != a.si_status ||
	    last_pid != child)
		say("the last SIGCHLD", "%s %d%s, %d of %d", code_name(last_code), last_status,
		    last_pid != child ? " OF ANOTHER" : "", children_signals, events);
	return a.si_code;
}

static int look_exit(void)
{
	return look(WEXITED);
}

static bool at_end(int fd, int ms)
{
	struct pollfd in = { .fd = fd, .events = POLLIN };
	char byte;
	int rc;

	while ((rc = poll(&in, 1, ms)) < 0 && errno == EINTR)
		;
	return rc == 1 && read(fd, &byte, 1) == 0;
}

/* Does it tick? Two looks, since the pipe has what was said before. */
static bool ticks(int within)
{
	char heap[4096];
	struct pollfd in = { .fd = from_child, .events = POLLIN };

	usleep(20000);
	while (poll(&in, 1, 0) == 1 && read(from_child, heap, sizeof heap) > 0)
		;
	return poll(&in, 1, within) == 1;
}

__attribute__((format(printf, 1, 2))) static void begin(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(scenario, sizeof scenario, format, list);
	va_end(list);
	children_signals = events = 0;
	uncounted = is_way("double"); /* the one between ends too */
	last_code = last_status = last_pid = 0;
}

/* After the end of the child: nothing of it is left. */
static void end(void)
{
	if (kill(child, 0) != -1 || errno != ESRCH)
		say("its pid afterwards", "IS THERE");
	if (!at_end(from_child, 0))
		say("its pipe", "no end of file");
	if (waitpid(-1, NULL, WNOHANG | __WALL) != -1 || errno != ECHILD)
		say("children", "ANOTHER IS LEFT");
	if (!uncounted)
		say("SIGCHLD", "%d", children_signals);
	close_pipes();
}

/* For life.c: the scenarios of groups, of a terminal, and of a parent that dies. */
#include "tests/prog/life-look.h"

#include <sys/ioctl.h>
#include <termios.h>

static void find_beside(const char *self)
{
	static char paths[2][4096];
	const char *slash = strrchr(self, '/');
	int n = slash ? (int)(slash - self) + 1 : 0;

	snprintf(paths[0], sizeof paths[0], "%.*slife-child", n, self);
	snprintf(paths[1], sizeof paths[1], "%.*sstate", n, self);
	child_path = paths[0];
	state_path = paths[1];
}

static char *slurp(const char *format, pid_t pid)
{
	static char text[4096];
	char path[80];
	ssize_t n;

	snprintf(path, sizeof path, format, pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	close(fd);
	text[n < 0 ? 0 : n] = '\0';
	return text;
}

static const char *last_component(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void show_proc(void)
{
	char exe[4096] = "", path[80];
	int parent = -1, count = 0;

	snprintf(path, sizeof path, "/proc/%d/exe", child);
	(void)!readlink(path, exe, sizeof exe - 1);
	say("exe", "%s", last_component(exe));
	say("comm", "%.15s", strtok(slurp("/proc/%d/comm", child), "\n"));
	say("argv[0]", "%s", last_component(slurp("/proc/%d/cmdline", child)));
	sscanf(strrchr(slurp("/proc/%d/stat", child), ')'), ") %*c %d", &parent);
	say("parent", "%s", parent == getppid() || parent == getpid() ? "mine" : "ANOTHER");
	snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
	char *list = slurp(path, 0);
	for (char *word = strtok(list, " "); word; word = strtok(NULL, " "))
		count++;
	say("my children", "%d", count);
}

static const char *whose(pid_t id)
{
	return id == child	 ? "its own"
	       : id == getpgrp() ? "mine"
	       : id == leader	 ? "the other"
				 : "?";
}

/* Of a child in a group of its own: all of it is the child. */
static void own_group_scenarios(void)
{
	begin("a signal to its group");
	own_group = true;
	start("plain block ready wait pending");
	expect_ready();
	for (int n = 0; n < 3; n++)
		say("kill", "%d", kill(-child, SIGRTMIN + 3));
	say("kill", "%d", kill(-child, SIGHUP));
	usleep(50000);
	release();
	say("what came", "%s", said());
	look_exit();
	say("kill afterwards", "%s", kill(-child, 0) ? strerrorname_np(errno) : "0");
	end();

	begin("its group is stopped, continued, killed");
	start("plain ready tick exit:5");
	expect_ready();
	kill(-child, SIGTSTP);
	if (look(WSTOPPED | WEXITED) == CLD_STOPPED) {
		kill(-child, SIGCONT);
		look(WCONTINUED | WEXITED);
		kill(-child, SIGSTOP);
		look(WSTOPPED | WEXITED);
		kill(-child, SIGKILL);
		look_exit();
	}
	say("kill afterwards", "%s", kill(-child, 0) ? strerrorname_np(errno) : "0");
	while (!at_end(from_child, 1000))
		;
	end();
	own_group = false;
}

static void groups(void)
{
	int gate[2];

	begin("group and session");
	start("plain block ready wait pending");
	expect_ready();
	say("group", "%s", whose(getpgid(child)));
	say("session", "%s",
	    getsid(child) == getsid(0) ? "mine"
	    : getsid(child) == child   ? "its own"
				       : "?");
	say("setpgid after the exec", "%s", setpgid(child, child) ? strerrorname_np(errno) : "0");
	if (getpgid(child) != leader)
		say("kill of the group", "%d", kill(-getpgid(child), SIGRTMIN + 2));
	usleep(30000);
	release();
	say("what came", "%s", said());
	look_exit();
	end();

	if (is_way("fork")) {
		begin("setpgid before the exec");
		must(!pipe2(gate, O_CLOEXEC), "pipe");
		start_gate = gate[0];
		start("plain ready wait exit:0");
		start_gate = -1;
		say("setpgid", "%s", setpgid(child, child) ? strerrorname_np(errno) : "0");
		(void)!write(gate[1], "", 1);
		close(gate[0]);
		close(gate[1]);
		expect_ready();
		say("group", "%s", whose(getpgid(child)));
		kill(-child, SIGUSR1);
		look_exit();
		end();
	}
	if (!is_way("spawn-session") && !is_way("spawn-group"))
		own_group_scenarios();
}

static void type(int terminal, const char *keys)
{
	must(write(terminal, keys, strlen(keys)) > 0, "the terminal");
}

/* One life in the foreground; the key ends it. */
static void foreground(int terminal, int tty, const char *name, const char *key)
{
	begin("terminal, %s", name);
	start("plain ready tick exit:5");
	expect_ready();
	tcsetpgrp(tty, child);
	type(terminal, "\032");
	if (look(WSTOPPED | WEXITED) == CLD_STOPPED) {
		say("runs while it is stopped", "%s", ticks(60) ? "yes" : "no");
		kill(-child, SIGCONT);
		look(WCONTINUED | WEXITED);
		say("runs again", "%s", ticks(3000) ? "yes" : "no");
		type(terminal, key);
		look_exit();
	}
	tcsetpgrp(tty, getpgrp());
	(void)ticks(0);
	end();
}

static void in_session(int terminal, int tty)
{
	struct winsize size = { .ws_row = 33, .ws_col = 44 };

	own_group = true;
	begin("terminal, read in the background");
	start("plain tty exit:3");
	if (look(WSTOPPED | WEXITED) == CLD_STOPPED) {
		tcsetpgrp(tty, child);
		kill(-child, SIGCONT);
		look(WCONTINUED | WEXITED);
		type(terminal, "typed\n");
		say("it read", "%s", said());
		look_exit();
	}
	tcsetpgrp(tty, getpgrp());
	end();

	foreground(terminal, tty, "^C", "\003");
	foreground(terminal, tty, "^\\", "\034");

	begin("terminal, its size changes");
	start("plain block ready wait pending");
	expect_ready();
	tcsetpgrp(tty, child);
	ioctl(terminal, TIOCSWINSZ, &size);
	usleep(30000);
	tcsetpgrp(tty, getpgrp());
	release();
	say("what came", "%s", said());
	look_exit();
	end();
}

static void terminal(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), status = 0;

	if (is_way("spawn-session") || is_way("double"))
		return;
	must(master >= 0 && !grantpt(master) && !unlockpt(master), "a terminal");
	fflush(stdout);
	pid_t pid = fork();
	if (!pid) {
		setsid();
		int tty = open(ptsname(master), O_RDWR | O_CLOEXEC);
		must(tty >= 0, "a terminal");
		signal(SIGTTOU, SIG_IGN);
		in_session(master, tty);
		exit(0);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	must(!status, "the terminal's session");
	close(master);
}

/* A parent dies of SIGKILL; we adopt its child, which has asked for a signal then, or has not. */
static void one_death(const char *name, int before, const char *words, int sent)
{
	siginfo_t info;
	int pids[2], others = 0;
	pid_t pid;

	begin("its parent dies, %s", name);
	must(!pipe2(pids, O_CLOEXEC), "pipe");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	fflush(stdout);
	pid_t parent = fork();
	if (!parent) {
		before_exec = before;
		start("%s", words);
		expect_ready();
		(void)!write(pids[1], &child, sizeof child);
		while (pause())
			;
	}
	must(read_pid(pids[0], &child), "the parent");
	close(pids[0]);
	close(pids[1]);
	kill(parent, SIGKILL);
	while (waitpid(parent, NULL, 0) < 0 && errno == EINTR)
		;
	if (sent) {
		usleep(20000);
		say("it lives", "%s",
		    wait_id(P_PID, (id_t)child, &info, WEXITED | WNOHANG) || info.si_pid ? "no"
											 : "yes");
		kill(child, sent);
	}
	int rc = wait_id(P_PID, (id_t)child, &info, WEXITED);
	say("waitid", "%s, %s %d", rc ? strerrorname_np(rc) : "0", code_name(info.si_code),
	    info.si_status);
	if (rc)
		kill(child, SIGKILL);
	for (int i = 0; i < 100 && (pid = waitpid(-1, NULL, WNOHANG | __WALL)) != -1; i++) {
		others += pid > 0;
		usleep(5000);
	}
	say("others that were adopted", "%d", others);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
}

static void death(void)
{
	if (is_way("double"))
		return;
	one_death("and it asked for 15", 0, "plain death:15 ready pause", 0);
	one_death("and it asked for 9", 0, "plain death:9 ready pause", 0);
	one_death("and it asked for nothing", 0, "plain ready pause", SIGUSR2);
	if (strncmp(way, "spawn", 5)) {
		one_death("and 15 was asked for before the exec", 15, "plain ready pause", 0);
		one_death("and 9 was asked for before the exec", 9, "plain ready pause", 0);
	}
}

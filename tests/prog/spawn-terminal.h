/* The words of spawn-parity's table that concern terminals. */
#ifndef TESTS_PROG_SPAWN_TERMINAL_H
#define TESTS_PROG_SPAWN_TERMINAL_H

#include <sys/ioctl.h>
#include <sys/wait.h>

static void must(bool right, const char *what);

/* A terminal that is nobody's, and a link to it of this name. */
static void make_terminal(const char *link)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	must(master >= 0 && !grantpt(master) && !unlockpt(master), "pty");
	unlink(link);
	must(!symlink(ptsname(master), link), link);
}

/* The caller becomes the leader of a session that has a terminal, as descriptor 0. */
static void have_terminal(void)
{
	int fd;

	make_terminal("own-terminal");
	setsid();
	fd = open("own-terminal", O_RDWR);
	must(fd >= 0 && dup2(fd, 0) == 0, "pty");
	close(fd);
	ioctl(0, TIOCSCTTY, 0);
}

/* The caller is in another group than that which is in the foreground. */
static void go_background(void)
{
	int status;
	pid_t pid = fork();

	if (pid) {
		waitpid(pid, &status, 0);
		_exit(status != 0);
	}
	setpgid(0, 0);
	must(tcgetpgrp(0) > 0 && tcgetpgrp(0) != getpgrp(), "background");
}

#endif

/*
 * life-child WORD...: what life starts. Carries out the words from left to right, then exits with 0.
 *
 *   plain    no signal blocked, each with its default action    block    every signal blocked
 *   ready    says so              wait     for a byte, or the end, of descriptor 0
 *   exit:N   raise:N              burn:MS  uses processor time
 *   tick     says `.` every other millisecond, until descriptor 0 can be read
 *   pending  tells each signal that came: how often, its code, sum and order of the values
 *   death:N  PR_SET_PDEATHSIG     tty      reads a line from /dev/tty, and says it
 *   pause    for some seconds
 *   nice     says it              daemon:MS leaves a grandchild in a session of its own for so long
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Raw: 32 and 33 are signals like the others. */
static void set_mask(unsigned long mask)
{
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof mask);
}

static void set_plain(void)
{
	unsigned long act[8] = { 0 };

	for (int sig = 1; sig <= 64; sig++)
		syscall(SYS_rt_sigaction, sig, act, NULL, 8L);
	set_mask(0);
}

static void tell_pending(void)
{
	unsigned long all = ~0UL;
	int count[65] = { 0 }, code[65] = { 0 }, last[65] = { 0 }, sum[65] = { 0 };
	int disorder[65] = { 0 };
	struct timespec none = { 0 };
	siginfo_t info;
	int sig;

	while ((sig = (int)syscall(SYS_rt_sigtimedwait, &all, &info, &none, sizeof all)) > 0) {
		count[sig]++;
		code[sig] = info.si_code;
		if (info.si_code == SI_QUEUE) {
			sum[sig] += info.si_value.sival_int;
			disorder[sig] += info.si_value.sival_int < last[sig];
			last[sig] = info.si_value.sival_int;
		}
	}
	for (sig = 1; sig <= 64; sig++)
		if (count[sig])
			printf("%d: %d code %d sum %d disorder %d; ", sig, count[sig], code[sig],
			       sum[sig], disorder[sig]);
	puts("");
}

static void burn(int ms)
{
	while (clock() < (clock_t)ms * CLOCKS_PER_SEC / 1000)
		;
}

static void tick(void)
{
	struct pollfd in = { .fd = 0, .events = POLLIN };

	while (!poll(&in, 1, 2))
		if (write(1, ".", 1) != 1)
			_exit(71);
}

static void read_tty(void)
{
	char line[80] = "";
	int fd = open("/dev/tty", O_RDWR);
	ssize_t n = read(fd, line, sizeof line - 1);

	printf("%.*s\n", n < 0 ? 5 : (int)strcspn(line, "\n"), n < 0 ? "error" : line);
}

static void leave_daemon(int ms)
{
	if (fork())
		return;
	setsid();
	if (!fork())
		usleep((useconds_t)ms * 1000);
	_exit(0);
}

int main(int argc, char **argv)
{
	char byte;

	for (int i = 1; i < argc; i++) {
		char *word = argv[i], *colon = strchr(word, ':');
		int n = colon ? atoi(colon + 1) : 0;

		if (!strcmp(word, "plain"))
			set_plain();
		else if (!strcmp(word, "block"))
			set_mask(~0UL);
		else if (!strcmp(word, "ready"))
			puts("ready");
		else if (!strcmp(word, "wait"))
			(void)!read(0, &byte, 1);
		else if (!strncmp(word, "exit:", 5))
			_exit(n);
		else if (!strncmp(word, "raise:", 6))
			syscall(SYS_kill, getpid(), n);
		else if (!strncmp(word, "burn:", 5))
			burn(n);
		else if (!strcmp(word, "tick"))
			tick();
		else if (!strcmp(word, "pending"))
			tell_pending();
		else if (!strncmp(word, "death:", 6))
			prctl(PR_SET_PDEATHSIG, n);
		else if (!strcmp(word, "tty"))
			read_tty();
		else if (!strcmp(word, "pause"))
			sleep(15);
		else if (!strcmp(word, "nice"))
			printf("nice %d\n", getpriority(PRIO_PROCESS, 0));
		else if (!strncmp(word, "daemon:", 7))
			leave_daemon(n);
		else
			return 71;
		fflush(stdout);
	}
	return 0;
}

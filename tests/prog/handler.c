/*
 * usage: handler PROGRAM
 * Executes PROGRAM, which cannot be, a few hundred times under a fast timer, whose handler looks at the
 * namespaces it runs in. Prints how often one of two was another one than before, and the other was
 * not; and what of the process is different at the end.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

static ino_t uts, net;
static volatile sig_atomic_t calls, half;

static ino_t inode(const char *path)
{
	struct stat st;

	return stat(path, &st) ? 0 : st.st_ino;
}

static bool moved(ino_t was, const char *path)
{
	return inode(path) != was;
}

static void look(int sig)
{
	(void)sig;
	calls++;
	half += moved(uts, "/proc/thread-self/ns/uts") != moved(net, "/proc/thread-self/ns/net");
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = look, .sa_flags = SA_RESTART };
	struct itimerval fast = { { 0, 100 }, { 0, 100 } }, none = { { 0, 0 }, { 0, 0 } };
	sigset_t mask;

	uts = inode("/proc/thread-self/ns/uts");
	net = inode("/proc/thread-self/ns/net");
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &fast, NULL);
	for (int i = 0; argc == 2 && (i < 300 || calls < 100); i++)
		execv(argv[1], argv + 1);
	setitimer(ITIMER_REAL, &none, NULL);
	sigprocmask(SIG_BLOCK, NULL, &mask);
	printf("half inside %d\nat the end %s\nalarm %s\n", (int)half,
	       moved(uts, "/proc/thread-self/ns/uts") ? "elsewhere" : "where it was",
	       sigismember(&mask, SIGALRM) ? "blocked" : "open");
	return 0;
}

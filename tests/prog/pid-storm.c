/*
 * pid-storm THREADS CHILDREN FOLDER: so many threads start this program again at the same time, by
 * posix_spawn and by vfork, as FOLDER/in, which a rule puts into a pid namespace of its own, as
 * FOLDER/other, which another rule puts into another namespace, and as FOLDER/out, which none fits.
 * Each child says by its exit status where it is. Prints what was wrong, of them or afterwards.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { OWN_PID = 1, SMALL_PID = 2, OWN_PROC = 4, OWN_UTS = 8, PROBED = 64 };
static const struct {
	const char *name;
	int wanted;
} kind[] = { { "in", PROBED | OWN_PID | SMALL_PID | OWN_PROC },
	     { "other", PROBED | OWN_UTS },
	     { "out", PROBED } };
static char path[3][4096], pid_ns[64], uts_ns[64];
static int rounds;
static atomic_int started, bad;
static volatile sig_atomic_t signals_seen;

static void read_ns(const char *name, char text[64])
{
	char file[40];
	snprintf(file, sizeof file, "/proc/self/ns/%s", name);
	ssize_t n = readlink(file, text, 63);
	text[n < 0 ? 0 : n] = '\0';
}

/* The child: argv holds the parent's namespaces. */
static int probe(char **argv)
{
	char now[64], self[32] = "";
	int seen = PROBED;

	read_ns("pid", now);
	seen |= strcmp(now, argv[2]) ? OWN_PID : 0;
	read_ns("uts", now);
	seen |= strcmp(now, argv[3]) ? OWN_UTS : 0;
	seen |= getpid() < 10 ? SMALL_PID : 0;
	/* A /proc from outside would show a larger number, or nothing. */
	if (readlink("/proc/self", self, sizeof self - 1) > 0 && atoi(self) == getpid() &&
	    getpid() < 10 && access("/proc/200", F_OK))
		seen |= OWN_PROC;
	return seen;
}

static int start(int way, int which, pid_t *pid)
{
	char *argv[] = { path[which], "probe", pid_ns, uts_ns, NULL };

	if (way)
		return posix_spawn(pid, argv[0], NULL, NULL, argv, environ);
	*pid = vfork();
	if (!*pid) {
		execve(argv[0], argv, environ);
		_exit(90);
	}
	return *pid < 0 ? errno : 0;
}

static void *begin(void *number)
{
	unsigned at = (unsigned)(long)number;

	for (int i = 0; i < rounds; i++) {
		int way = (i + (int)at) & 1, which = i % 3, status = -1, err;
		pid_t pid = -1, got;

		err = start(way, which, &pid);
		while (!err && (got = waitpid(pid, &status, 0)) != pid)
			if (errno != EINTR)
				err = errno;
		started++;
		if ((err || !WIFEXITED(status) || WEXITSTATUS(status) != kind[which].wanted) &&
		    bad++ < 6)
			printf("thread %u, child %d, %s by %s: %s, status %x, wanted %x\n", at, i,
			       kind[which].name, way ? "posix_spawn" : "vfork",
			       err ? strerrorname_np(err) : "started", status,
			       kind[which].wanted << 8);
	}
	return NULL;
}

static int descriptors(void)
{
	int count = 0;
	DIR *d = opendir("/proc/self/fd");

	while (d && readdir(d))
		count++;
	closedir(d);
	return count;
}

static void on_child(int sig)
{
	(void)sig;
	signals_seen++;
}

int main(int argc, char **argv)
{
	pthread_t thread[64];
	char now[64];

	if (argc == 4 && !strcmp(argv[1], "probe"))
		return probe(argv);
	int threads = argc == 4 ? atoi(argv[1]) : 0;
	if (threads < 1 || threads > 64)
		return 71;
	rounds = atoi(argv[2]) / threads;
	for (int i = 0; i < 3; i++)
		snprintf(path[i], sizeof path[i], "%s/%s", argv[3], kind[i].name);
	read_ns("pid", pid_ns);
	read_ns("uts", uts_ns);
	sigaction(SIGCHLD, &(struct sigaction){ .sa_handler = on_child, .sa_flags = SA_RESTART },
		  NULL);
	int before = descriptors();
	for (long i = 0; i < threads; i++)
		pthread_create(&thread[i], NULL, begin, (void *)i);
	for (int i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	if (descriptors() != before)
		printf("%d descriptors more\n", descriptors() - before);
	/* One each at most, since signals that wait are one. */
	if (signals_seen < 1 || signals_seen > started)
		printf("%d SIGCHLD for %d children\n", signals_seen, started);
	if (waitpid(-1, NULL, WNOHANG | __WALL) != -1 || errno != ECHILD)
		printf("a child is left\n");
	read_ns("pid", now);
	if (strcmp(now, pid_ns))
		printf("the parent is in another pid namespace\n");
	read_ns("pid_for_children", now);
	if (strcmp(now, pid_ns))
		printf("the parent's next children are in another pid namespace\n");
	printf("%d of %d went wrong\n", bad, started);
	return bad != 0;
}

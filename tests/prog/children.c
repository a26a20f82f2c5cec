/*
 * children ENTRY [OPTION]...: starts children that never execute, and checks what is left of it.
 *
 * ENTRY  fork, __fork, _Fork; vfork, whose child may only execute: this program, which tells
 * OPTION -n N  so many in each thread (1)     -t N  threads that do so at the same time (1)
 *        -l    one more thread, that allocates, loads libraries and writes to a stream meanwhile
 *        -f    every descriptor in use        -i    SIGCHLD ignored
 *        -d    not dumpable                   -D    children tell whether they are dumpable
 *        -p N  children listen on that port of 127.0.0.1, all at the same time
 *
 * Prints `ENTRY: N children, A networks, B of them its parent's`; for each that could not be
 * made `ENTRY: ERRNO`. A line more tells whatever is not as it was or should be.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

pid_t __fork(void);

enum { MOST = 4096 };

/* What the children tell: shared. */
struct told {
	_Atomic int count, listening, odd;
	int port, dumpable[MOST];
	ino_t net[MOST];
};
static struct told *told;
static const char *entry;
static char program[PATH_MAX];
static char *self[] = { (char *)"children", (char *)"--tell", NULL };
static int number = 1, threads = 1, port;
static bool load, full, ignored, tells_dumpable;
static sigset_t mask;
static unsigned long fds_before;
static _Atomic bool done;
static volatile int handled;

static void oddity(const char *what)
{
	told->odd++;
	dprintf(1, "%s\n", what);
}

static ino_t network(void)
{
	struct stat st;
	return stat("/proc/thread-self/ns/net", &st) ? 0 : st.st_ino;
}

static unsigned long descriptors(void)
{
	unsigned long fds = 0;
	for (int fd = 0; fd < 64; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			fds |= 1UL << fd;
	return fds;
}

static bool same_mask(void)
{
	uint64_t now, then;
	syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &now, sizeof now);
	memcpy(&then, &mask, sizeof then);
	return now == then;
}

static void listen_with_all(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_port = htons(port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(s, (struct sockaddr *)&a, sizeof a) || listen(s, 1))
		oddity("a child cannot listen");
	told->listening++;
	for (int i = 0; told->listening < number * threads && i < 1000; i++)
		usleep(5000);
	close(s);
}

static void tell(void)
{
	int i = told->count++;
	told->net[i] = network();
	told->dumpable[i] = prctl(PR_GET_DUMPABLE);
}

static void child(void)
{
	if (!same_mask())
		oddity("a child has another mask");
	if (!full && !load && descriptors() != fds_before)
		oddity("a child has other descriptors");
	if (network() != told->net[MOST - 1] && (getenv("LD_PRELOAD") || getenv("NSSHIM_STATE")))
		oddity("a child inside has the shim in its environment");
	if (port)
		listen_with_all();
	tell();
}

static pid_t start(void)
{
	if (!strcmp(entry, "fork"))
		return fork();
	if (!strcmp(entry, "__fork"))
		return __fork();
	if (!strcmp(entry, "_Fork"))
		return _Fork();
	pid_t pid = vfork();
	if (!pid) {
		execv(program, self);
		_exit(errno);
	}
	return pid;
}

static void *make(void *unused)
{
	pid_t pid[MOST];
	int made = 0;
	for (int i = 0; i < number; i++) {
		errno = 77;
		pid[made] = start();
		if (!pid[made]) {
			if (errno != 77)
				oddity("a child has another errno");
			child();
			_exit(0);
		}
		if (pid[made] < 0)
			dprintf(1, "%s: %s\n", entry, strerrorname_np(errno));
		else if (errno != 77 && *entry != 'v') /* that child's is its parent's too */
			oddity("errno is another");
		made += pid[made] > 0;
		if (!same_mask())
			oddity("the mask is another");
	}
	for (int i = 0, status; i < made; i++)
		if (ignored ? waitpid(pid[i], &status, 0) != -1
			    : waitpid(pid[i], &status, 0) != pid[i])
			oddity("a child is not there to be waited for");
		else if (!ignored && WIFEXITED(status) && WEXITSTATUS(status))
			dprintf(1, "%s: %s\n", entry, strerrorname_np(WEXITSTATUS(status)));
		else if (!ignored && !WIFEXITED(status))
			oddity("a child has died");
	return unused;
}

static void *work(void *unused)
{
	FILE *f = fopen("/dev/null", "w");
	while (!done) {
		void *lib = dlopen("libm.so.6", RTLD_NOW);
		free(malloc(rand() % 100000));
		fprintf(f, "%p", lib);
		if (lib)
			dlclose(lib);
	}
	fclose(f);
	return unused;
}

static void fill_descriptors(void)
{
	struct rlimit old;
	getrlimit(RLIMIT_NOFILE, &old);
	struct rlimit limit = { 64, old.rlim_max < 4096 ? old.rlim_max : 4096 };
	setrlimit(RLIMIT_NOFILE, &limit);
	while (open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0)
		;
}

static int compare(const void *a, const void *b)
{
	ino_t x = *(const ino_t *)a, y = *(const ino_t *)b;
	return x < y ? -1 : x > y;
}

static void sum_up(void)
{
	ino_t own = network();
	int count = told->count, networks = 0, owns = 0;
	qsort(told->net, count, sizeof *told->net, compare);
	for (int i = 0; i < count; i++) {
		networks += !i || told->net[i] != told->net[i - 1];
		owns += told->net[i] == own;
	}
	printf("%s: %d children, %d networks, %d of them its parent's\n", entry, count, networks,
	       owns);
	if (tells_dumpable)
		for (int i = 0; i < count; i++)
			printf("dumpable %d\n", told->dumpable[i]);
}

static void handler(int sig)
{
	handled += sig == SIGCHLD;
}

static void options(char **argv)
{
	for (; *argv; argv++)
		switch ((*argv)[1]) {
		case 'n':
			number = atoi(*++argv);
			break;
		case 't':
			threads = atoi(*++argv);
			break;
		case 'p':
			port = atoi(*++argv);
			break;
		case 'l':
			load = true;
			break;
		case 'f':
			full = true;
			break;
		case 'i':
			ignored = true;
			break;
		case 'D':
			tells_dumpable = true;
			break;
		case 'd':
			prctl(PR_SET_DUMPABLE, 0);
			break;
		}
}

int main(int argc, char **argv)
{
	pthread_t thread[64], worker;
	int fd = argc > 1 && !strcmp(argv[1], "--tell") ? 200 : memfd_create("told", 0);
	if (fd != 200 && (ftruncate(fd, sizeof *told) || dup2(fd, 200) < 0 || close(fd)))
		return 71;
	told = mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED, 200, 0);
	if (argc < 2 || told == MAP_FAILED)
		return 71;
	if (fd == 200) {
		tell();
		return 0;
	}
	if (readlink("/proc/self/exe", program, sizeof program - 1) < 0)
		return 71;
	entry = argv[1];
	options(argv + 2);
	told->net[MOST - 1] = network();
	signal(SIGCHLD, ignored ? SIG_IGN : handler);
	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR2);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	if (full)
		fill_descriptors();
	fds_before = descriptors();
	if (load)
		pthread_create(&worker, NULL, work, NULL);
	for (int i = 1; i < threads; i++)
		pthread_create(&thread[i], NULL, make, NULL);
	make(NULL);
	for (int i = 1; i < threads; i++)
		pthread_join(thread[i], NULL);
	done = true;
	if (load)
		pthread_join(worker, NULL);
	if (descriptors() != fds_before)
		oddity("descriptors are others");
	if (waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD)
		oddity("a child is left");
	if (network() != told->net[MOST - 1])
		oddity("the parent has moved");
	sum_up();
	fflush(stdout);
	return told->odd ? 1 : 0;
}

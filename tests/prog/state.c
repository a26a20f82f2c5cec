/*
 * state WHAT...: prints, a line each, what this process was given by the one that started it.
 *
 *   ns:KIND       the namespace                 args    its own arguments, from argv[0] on
 *   env           the environment, in order     env:VAR the value, or (unset)
 *   fds           descriptors, with what for    mask    blocked signals
 *   ignored       signals (32, 33: libc's own)  ids     real, effective, saved uid; the same of gid
 *   groups        supplementary ones            map:uid the extents of uid_map (map:gid)
 *   pgid sid      self, or parent or other      cwd umask nice sched rlimits
 *   dumpable      0 or 1                        caps    effective, permitted, ambient
 *   lo            up or down                    comm exe
 *   setgroups     allow or deny                 threads children pdeathsig
 *   status:KEY    that line of /proc/self/status, whose value is hexadecimal
 *   exit:N        exits so                      kill:N  dies by that signal
 *   not-in:NS     exits with 9 where that is one of its namespaces (net:[4026531833])
 *   open:PATH     opens it, says how that went  bind:PORT  listens there for a moment
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
static char **args;

static void link_of(const char *path)
{
	char text[4096];
	ssize_t n = readlink(path, text, sizeof text - 1);
	if (n < 0)
		printf("%s\n", strerrorname_np(errno));
	else
		printf("%.*s\n", (int)n, text);
}

/* Lines of a file in one: the extents of a map are joined by `; `. */
static void file(const char *path)
{
	FILE *f = fopen(path, "r");
	char line[256];
	const char *between = "";
	if (!f) {
		printf("%s\n", strerrorname_np(errno));
		return;
	}
	while (fgets(line, sizeof line, f)) {
		printf("%s", between);
		between = "; ";
		char *save, *word = strtok_r(line, " \t\n", &save);
		for (int i = 0; word; word = strtok_r(NULL, " \t\n", &save))
			printf("%s%s", i++ ? " " : "", word);
	}
	printf("\n");
	fclose(f);
}

/* A line of the kernel's view of this process; its hexadecimal value without the bits of `but`. */
static void status(const char *key, unsigned long but)
{
	char line[256];
	FILE *f = fopen("/proc/thread-self/status", "r");
	size_t n = strlen(key);
	while (f && fgets(line, sizeof line, f))
		if (!strncmp(line, key, n))
			printf("%s %lx\n", key, strtoul(line + n + 1, NULL, 16) & ~but);
	if (f)
		fclose(f);
}

static void descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	int list[1024], count = 0;
	for (struct dirent *e; d && (e = readdir(d));)
		if (*e->d_name != '.' && atoi(e->d_name) != dirfd(d) && count < 1024)
			list[count++] = atoi(e->d_name);
	if (d)
		closedir(d);
	for (int i = 0; i < count; i++)
		for (int j = i + 1; j < count; j++)
			if (list[j] < list[i]) {
				int t = list[i];
				list[i] = list[j];
				list[j] = t;
			}
	for (int i = 0; i < count; i++) {
		char path[64];
		snprintf(path, sizeof path, "/proc/self/fd/%d", list[i]);
		printf("fd %d%s ", list[i], fcntl(list[i], F_GETFD) & FD_CLOEXEC ? " cloexec" : "");
		link_of(path);
	}
}

static void loopback(void)
{
	struct ifreq r = { 0 };
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	strcpy(r.ifr_name, "lo");
	if (s < 0 || ioctl(s, SIOCGIFFLAGS, &r) < 0)
		printf("lo %s\n", strerrorname_np(errno));
	else
		printf("lo %s\n", r.ifr_flags & IFF_UP ? "up" : "down");
	close(s);
}

static void listen_on(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_port = htons(port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(s, (struct sockaddr *)&a, sizeof a) < 0 || listen(s, 1) < 0)
		printf("bind %s\n", strerrorname_np(errno));
	else
		printf("bind ok\n");
	usleep(300000);
	close(s);
}

static void capabilities(void)
{
	struct __user_cap_header_struct h = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2];
	syscall(SYS_capget, &h, d);
	printf("caps %s effective, %s permitted\n", d[0].effective ? "some" : "no",
	       d[0].permitted ? "some" : "no");
	status("CapAmb", 0);
}

static const char *whose(pid_t id, pid_t of_parent)
{
	return id == getpid() ? "self" : id == of_parent ? "parent" : "other";
}

static void tell(const char *what)
{
	char path[256];
	const char *value = strchr(what, ':') ? strchr(what, ':') + 1 : "";
	if (!strncmp(what, "ns:", 3)) {
		snprintf(path, sizeof path, "/proc/self/ns/%s", value);
		link_of(path);
	} else if (!strncmp(what, "map:", 4)) {
		snprintf(path, sizeof path, "/proc/self/%s_map", value);
		file(path);
	} else if (!strcmp(what, "setgroups"))
		file("/proc/self/setgroups");
	else if (!strcmp(what, "args"))
		for (int i = 0; args[i]; i++)
			printf("arg %d %s\n", i, args[i]);
	else if (!strcmp(what, "env"))
		for (int i = 0; environ && environ[i]; i++)
			printf("%s\n", environ[i]);
	else if (!strncmp(what, "env:", 4))
		printf("%s\n", getenv(value) ? getenv(value) : "(unset)");
	else if (!strcmp(what, "fds"))
		descriptors();
	else if (!strcmp(what, "mask"))
		status("SigBlk", 0);
	else if (!strcmp(what, "ignored"))
		status("SigIgn", 3UL << 31);
	else if (!strcmp(what, "ids")) {
		uid_t r, e, s;
		getresuid(&r, &e, &s);
		printf("uid %u %u %u\n", r, e, s);
		getresgid(&r, &e, &s);
		printf("gid %u %u %u\n", r, e, s);
	} else if (!strcmp(what, "groups")) {
		gid_t list[256];
		int n = getgroups(256, list);
		printf("groups");
		for (int i = 0; i < n; i++)
			printf(" %u", list[i]);
		printf("\n");
	} else if (!strcmp(what, "pgid"))
		printf("pgid %s\n", whose(getpgrp(), getpgid(getppid())));
	else if (!strcmp(what, "sid"))
		printf("sid %s\n", whose(getsid(0), getsid(getppid())));
	else if (!strcmp(what, "cwd")) {
		char *cwd = getcwd(NULL, 0);
		printf("cwd %s\n", cwd ? cwd : strerrorname_np(errno));
		free(cwd);
	} else if (!strcmp(what, "umask"))
		printf("umask %03o\n", umask(022));
	else if (!strcmp(what, "nice"))
		printf("nice %d\n", getpriority(PRIO_PROCESS, 0));
	else if (!strcmp(what, "sched")) {
		struct sched_param p = { 0 };
		sched_getparam(0, &p);
		printf("sched %d priority %d\n", sched_getscheduler(0), p.sched_priority);
	} else if (!strcmp(what, "rlimits"))
		for (int i = 0; i < (int)RLIM_NLIMITS; i++) {
			struct rlimit l;
			getrlimit(i, &l);
			printf("rlimit %d %lu %lu\n", i, (long)l.rlim_cur, (long)l.rlim_max);
		}
	else if (!strcmp(what, "dumpable"))
		printf("dumpable %d\n", prctl(PR_GET_DUMPABLE));
	else if (!strcmp(what, "pdeathsig")) {
		int sig = 0;
		prctl(PR_GET_PDEATHSIG, &sig);
		printf("pdeathsig %d\n", sig);
	} else if (!strcmp(what, "caps"))
		capabilities();
	else if (!strcmp(what, "lo"))
		loopback();
	else if (!strncmp(what, "status:", 7))
		status(value, 0);
	else if (!strcmp(what, "comm"))
		file("/proc/self/comm");
	else if (!strcmp(what, "exe"))
		link_of("/proc/self/exe");
	else if (!strcmp(what, "threads"))
		status("Threads", 0);
	else if (!strcmp(what, "children")) {
		siginfo_t info;
		int none = waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) < 0;
		printf("children %s\n", none ? "none" : "some");
	} else if (!strncmp(what, "not-in:", 7)) {
		char link[64];
		snprintf(path, sizeof path, "/proc/self/ns/%.*s", (int)strcspn(value, ":"), value);
		ssize_t n = readlink(path, link, sizeof link - 1);
		link[n < 0 ? 0 : n] = 0;
		if (n < 0 || !strcmp(link, value))
			_exit(9);
	} else if (!strncmp(what, "open:", 5)) {
		int fd = open(value, O_RDONLY | O_CLOEXEC);
		printf("open %s\n", fd < 0 ? strerrorname_np(errno) : "ok");
		if (fd >= 0)
			close(fd);
	} else if (!strncmp(what, "bind:", 5))
		listen_on(atoi(value));
	else if (!strncmp(what, "exit:", 5)) {
		fflush(stdout);
		_exit(atoi(value));
	} else if (!strncmp(what, "kill:", 5)) {
		fflush(stdout);
		kill(getpid(), atoi(value));
	} else
		printf("state: what is %s?\n", what);
}

int main(int argc, char **argv)
{
	args = argv;
	for (int i = 1; i < argc; i++)
		tell(argv[i]);
	return 0;
}

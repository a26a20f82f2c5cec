#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/caps.h"
#include "shim/mapper.h"
#include "shim/subid.h"
#include "shim/sys.h"

extern char **environ;

/* The two maps differ in names alone. */
struct side {
	const char *file; /* below /proc/PID */
	const char *subid;
	const char *tool;
	int cap; /* with it the map is written directly */
	unsigned long own;
	struct idmap map;
	struct idmap_extent extent[IDMAP_MOST];
	bool direct; /* by this process; else by the tool */
	bool single; /* one's own id and no other: that needs no capability */
};

/* Every answer is a whole record; an empty one is content. */
static void answer(int sock, const struct fault *f)
{
	if (send(sock, f, sizeof *f, MSG_NOSIGNAL) < 0)
		exit(1);
}

static int no_ranges(const struct side *s, const struct subid *ids, struct fault *f)
{
	fault_set(f, "map", NS_USER, ids->file, EPERM);
	fault_why(f, "it has no range for this user: add a line such as ");
	fault_why(f, ids->owner);
	fault_why(f, ":100000:65536 (");
	fault_why(f, s->cap == CAP_SETUID ? "usermod --add-subuids" : "usermod --add-subgids");
	fault_why(f, " does)");
	return -1;
}

static void put(struct side *s, unsigned long inside, unsigned long outside, unsigned long count)
{
	s->extent[s->map.extents++] =
		(struct idmap_extent){ (uint32_t)inside, (uint32_t)outside, (uint32_t)count };
}

/* The words of a profile, or the kernel's own text. */
static int read_map(struct side *s, const char *text, struct subid *ids, struct fault *f)
{
	unsigned long inside = 1;

	s->map = (struct idmap){ .form = IDMAP_EXTENTS, .extent = s->extent };
	if (!strcmp(text, "self") || !strcmp(text, "root")) {
		put(s, text[0] == 's' ? s->own : 0, s->own, 1);
	} else if (!strcmp(text, "auto")) {
		if (!ids->ranges)
			return no_ranges(s, ids, f);
		put(s, 0, s->own, 1);
		for (unsigned i = 0; i < ids->ranges && s->map.extents < IDMAP_MOST; i++) {
			put(s, inside, ids->range[i].start, ids->range[i].count);
			inside += ids->range[i].count;
		}
	} else {
		unsigned a, b, c;
		int n;

		for (; s->map.extents < IDMAP_MOST &&
		       sscanf(text, "%u %u %u %n", &a, &b, &c, &n) == 3;
		     text += n)
			put(s, a, b, c);
	}
	return 0;
}

/* Refused here, before anything is entered, what the tool would refuse later. */
static int check_ranges(const struct side *s, const struct subid *ids, struct fault *f)
{
	char range[64];
	struct text t;

	for (unsigned i = 0; i < s->map.extents; i++) {
		const struct idmap_extent *e = &s->extent[i];

		if ((e->count == 1 && e->outside == s->own) || subid_has(ids, e))
			continue;
		if (!ids->ranges)
			return no_ranges(s, ids, f);
		t = text_in(range, sizeof range);
		text_num(&t, e->outside);
		text_str(&t, " to ");
		text_num(&t, (long long)e->outside + e->count - 1);
		fault_set(f, "map", NS_USER, ids->file, EPERM);
		fault_why(f, "range refused: the ids ");
		fault_why(f, range);
		fault_why(f, " are not among those it gives to ");
		fault_why(f, ids->owner);
		return -1;
	}
	return 0;
}

static bool found(const char *tool, char *path, size_t size)
{
	static const char folders[][12] = { "/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/" };

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		struct text t = text_in(path, size);

		text_str(&t, folders[i]);
		text_str(&t, tool);
		if (!access(path, X_OK))
			return true;
	}
	return false;
}

/* Not installed, without its power, or robbed of it. */
static int check_tool(const struct side *s, struct fault *f)
{
	char path[64], cap[32];
	struct stat st;

	if (!found(s->tool, path, sizeof path)) {
		fault_set(f, "execve", NS_USER, s->tool, ENOENT);
		fault_why(f, "it is not installed: package uidmap (or shadow) has it; without it, "
			     "ranges need ");
		fault_why(f, caps_name(s->cap, cap, sizeof cap));
		return -1;
	}
	if (stat(path, &st) ||
	    (!(st.st_mode & S_ISUID) && getxattr(path, "security.capability", NULL, 0) <= 0)) {
		fault_set(f, "execve", NS_USER, path, EPERM);
		fault_why(f,
			  "it is neither set-user-id root nor has it file capabilities: chmod u+s");
		return -1;
	}
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1) {
		fault_set(f, "execve", NS_USER, path, EPERM);
		fault_why(f, "no_new_privs is set for this process, and takes its power from it");
		return -1;
	}
	return 0;
}

static int prepare(struct side *s, const char *text, struct fault *f)
{
	static struct subid ids;

	if (subid_load(&ids, s->subid, f) || read_map(s, text, &ids, f))
		return -1;
	s->single =
		s->map.extents == 1 && s->extent[0].count == 1 && s->extent[0].outside == s->own;
	s->direct = s->single || caps_have(s->cap);
	return s->direct ? 0 : (check_ranges(s, &ids, f) ? -1 : check_tool(s, f));
}

static int write_proc(pid_t pid, const char *file, const char *text, struct fault *f)
{
	char path[64];
	struct text t = text_in(path, sizeof path);

	text_str(&t, "/proc/");
	text_num(&t, pid);
	text_str(&t, "/");
	text_str(&t, file);
	return sys_write_file(path, text, strlen(text))
		       ? fault_set(f, "write", NS_USER, path, errno)
		       : 0;
}

/* What the tool wrote on its standard error goes into the one line that is ours. */
static int tool_failed(const char *path, int status, int from, struct fault *f)
{
	char said[160];
	ssize_t n = read(from, said, sizeof said - 1);

	said[n < 0 ? 0 : n] = '\0';
	fault_set(f, "map", NS_USER, path, EPERM);
	if (WIFSIGNALED(status))
		fault_why(f, "it was killed by a signal");
	else
		fault_why(f, "range refused: ");
	said[strcspn(said, "\n")] = '\0';
	fault_why(f, said);
	return -1;
}

/* NEWUIDMAP PID INSIDE OUTSIDE COUNT... */
static int run_tool(const struct side *s, pid_t pid, struct fault *f)
{
	static char words[3 * IDMAP_MOST + 1][12];
	static char *argv[3 * IDMAP_MOST + 3];
	char path[64];
	posix_spawn_file_actions_t actions;
	int says[2], status = 0, err;
	unsigned n = 0;
	pid_t child;

	found(s->tool, path, sizeof path);
	snprintf(words[n++], sizeof *words, "%d", (int)pid);
	for (unsigned i = 0; i < s->map.extents; i++) {
		const struct idmap_extent *e = &s->extent[i];

		snprintf(words[n++], sizeof *words, "%u", e->inside);
		snprintf(words[n++], sizeof *words, "%u", e->outside);
		snprintf(words[n++], sizeof *words, "%u", e->count);
	}
	argv[0] = path;
	for (unsigned i = 0; i < n; i++)
		argv[i + 1] = words[i];
	argv[n + 1] = NULL;
	if (pipe2(says, O_CLOEXEC))
		return fault_set(f, "pipe", NS_USER, NULL, errno);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, says[1], STDERR_FILENO);
	err = posix_spawn(&child, path, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(says[1]);
	if (err)
		fault_set(f, "execve", NS_USER, path, err);
	else if (waitpid(child, &status, 0) != child)
		err = errno, fault_set(f, "wait", NS_USER, path, err);
	else if (!WIFEXITED(status) || WEXITSTATUS(status)) /* killed, its WEXITSTATUS is 0 */
		err = tool_failed(path, status, says[0], f);
	close(says[0]);
	return err ? -1 : 0;
}

static int write_map(const struct side *s, pid_t pid, struct fault *f)
{
	char text[IDMAP_TEXT];

	if (!s->direct)
		return run_tool(s, pid, f);
	if (idmap_text(&s->map, text, sizeof text) < 0)
		return fault_set(f, "map", NS_USER, s->file, E2BIG);
	return write_proc(pid, s->file, text, f);
}

/* The kernel demands `deny` before a gid map that is written without CAP_SETGID. */
static int decide_setgroups(const char *word, const struct side *gid, bool *deny, struct fault *f)
{
	bool demanded = gid->single && !caps_have(CAP_SETGID);

	*deny = !strcmp(word, "deny") || (demanded && strcmp(word, "allow") != 0);
	if (*deny || !demanded)
		return 0;
	fault_set(f, "map", NS_USER, "setgroups", EPERM);
	fault_why(f, "setgroups = allow needs CAP_SETGID, or a gid_map of ranges of /etc/subgid");
	return -1;
}

int mapper_main(char **argv)
{
	static struct side uid = {
		.file = "uid_map", .subid = "/etc/subuid", .tool = "newuidmap", .cap = CAP_SETUID
	};
	static struct side gid = {
		.file = "gid_map", .subid = "/etc/subgid", .tool = "newgidmap", .cap = CAP_SETGID
	};
	int sock = atoi(argv[0]);
	struct ucred peer = { 0 };
	socklen_t len = sizeof peer;
	struct fault f = { 0 };
	bool deny = false;
	sigset_t none;
	char go;

	signal(SIGCHLD, SIG_DFL); /* where the host ignores it, wait would not tell of the tools */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL); /* started with all of them blocked */
	fcntl(sock, F_SETFD, FD_CLOEXEC);
	uid.own = geteuid();
	gid.own = getegid();
	/* The pid as this process sees it: whose socket it is, the kernel knows. */
	if (getsockopt(sock, SOL_SOCKET, SO_PEERCRED, &peer, &len) || !peer.pid)
		fault_set(&f, "getsockopt", NS_USER, "SO_PEERCRED", errno ? errno : ESRCH);
	else if (!prepare(&uid, argv[1], &f) && !prepare(&gid, argv[2], &f))
		decide_setgroups(argv[3], &gid, &deny, &f);
	answer(sock, &f);
	if (f.err || recv(sock, &go, 1, 0) != 1)
		return 1;
	if (!write_map(&uid, peer.pid, &f) &&
	    !(deny && write_proc(peer.pid, "setgroups", "deny", &f)))
		write_map(&gid, peer.pid, &f);
	answer(sock, &f);
	return f.err ? 1 : 0;
}

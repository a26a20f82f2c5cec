#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/caps.h"
#include "shim/idtool.h"
#include "shim/mapper.h"
#include "shim/process.h"
#include "shim/subid.h"
#include "shim/sys.h"

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

static void put(struct side *s, uint64_t inside, uint64_t outside, uint64_t count)
{
	s->extent[s->map.extents++] =
		(struct idmap_extent){ (uint32_t)inside, (uint32_t)outside, (uint32_t)count };
}

/* The words of a profile, or the kernel's own text. */
static int read_map(struct side *s, const char *text, struct subid *ids, struct fault *f)
{
	uint64_t inside = 1;

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

static int prepare(struct side *s, const char *text, struct fault *f)
{
	static struct subid ids;

	if (subid_load(&ids, s->subid, f) || read_map(s, text, &ids, f))
		return -1;
	s->single =
		s->map.extents == 1 && s->extent[0].count == 1 && s->extent[0].outside == s->own;
	s->direct = s->single || caps_have(s->cap);
	return s->direct ? 0 : (check_ranges(s, &ids, f) ? -1 : idtool_check(s->tool, s->cap, f));
}

static int write_proc(pid_t pid, const char *file, const char *text, struct fault *f)
{
	char path[64];
	struct text t = text_in(path, sizeof path);

	text_str(&t, "/proc/");
	text_num(&t, pid);
	text_str(&t, "/");
	text_str(&t, file);
	return sys_write_file(AT_FDCWD, path, text, strlen(text))
		       ? fault_set(f, "write", NS_USER, path, errno)
		       : 0;
}

static int write_map(const struct side *s, pid_t pid, struct fault *f)
{
	char text[IDMAP_TEXT];

	if (!s->direct)
		return idtool_run(s->tool, &s->map, pid, f);
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

static struct side uid = {
	.file = "uid_map", .subid = "/etc/subuid", .tool = "newuidmap", .cap = CAP_SETUID
};
static struct side gid = {
	.file = "gid_map", .subid = "/etc/subgid", .tool = "newgidmap", .cap = CAP_SETGID
};

/* word: the two maps, and setgroups. */
static int prepare_both(const char *const word[3], bool *deny, struct fault *f)
{
	uid.own = geteuid();
	gid.own = getegid();
	return prepare(&uid, word[0], f) || prepare(&gid, word[1], f)
		       ? -1
		       : decide_setgroups(word[2], &gid, deny, f);
}

int mapper_check(const struct rule *rule, struct fault *f)
{
	const char *const word[] = {
		rule_map_word(&rule->map[0]),
		rule_map_word(&rule->map[1]),
		rule->setgroups == SETGROUPS_ALLOW ? "allow" : "default",
	};
	bool deny;

	return prepare_both(word, &deny, f);
}

/*
 * Its number is that of the pid namespace which this process is in too: /proc may be that of another
 * (unshare --pid --fork), where it would be somebody else's. 0; -1 and *f.
 */
static int find_in_proc(pid_t *pid, struct fault *f)
{
	int fd = sys_pidfd_open(*pid);
	pid_t n = fd < 0 ? *pid : process_in_proc(fd);
	int err = n < 0 ? errno : n ? 0 : ESRCH;

	if (fd >= 0)
		sys_close(fd);
	if (n > 0)
		*pid = n;
	if (err != ESRCH && err != ENOENT)
		return 0;
	fault_set(f, "map", NS_USER, "/proc", err);
	fault_why(f, "needs /proc mounted, and one that shows this process");
	return -1;
}

int mapper_main(char **argv)
{
	const char *const word[] = { argv[1], argv[2], argv[3] };
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
	/* The pid as this process sees it: whose socket it is, the kernel knows. */
	if (getsockopt(sock, SOL_SOCKET, SO_PEERCRED, &peer, &len) || !peer.pid)
		fault_set(&f, "getsockopt", NS_USER, "SO_PEERCRED", errno ? errno : ESRCH);
	else if (!find_in_proc(&peer.pid, &f))
		prepare_both(word, &deny, &f);
	answer(sock, &f);
	if (f.err || recv(sock, &go, 1, 0) != 1)
		return 1;
	if (!write_map(&uid, peer.pid, &f) &&
	    !(deny && write_proc(peer.pid, "setgroups", "deny", &f)))
		write_map(&gid, peer.pid, &f);
	answer(sock, &f);
	return f.err ? 1 : 0;
}

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "conf/pattern.h"
#include "conf/text.h"
#include "shim/enter.h"
#include "shim/report.h"
#include "shim/sys.h"
#include "shim/trace.h"

static const char levels[][8] = { "off", "error", "info", "debug", "trace" };

bool log_parse(struct log *log, const char *text)
{
	size_t len = text ? strcspn(text, ":") : 0;

	*log = (struct log){ .level = LOG_ERROR };
	if (!text || !*text)
		return true;
	if (text[len])
		log->path = text + len + 1;
	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
		if (strlen(levels[i]) == len && !memcmp(levels[i], text, len)) {
			log->traces = i > LOG_DEBUG;
			log->level = log->traces ? LOG_INFO : (enum log_level)i;
			return !log->path || *log->path;
		}
	return false;
}

int log_open(const struct log *log, enum log_level level)
{
	int saved = errno;
	int fd = STDERR_FILENO;

	if (log->level < level)
		fd = -1;
	else if (log->path)
		fd = (int)syscall(SYS_openat, AT_FDCWD, log->path,
				  O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW |
					  O_NOCTTY | O_NONBLOCK | O_LARGEFILE,
				  0600);
	errno = saved;
	return fd;
}

void log_close(const struct log *log, int fd)
{
	int saved = errno;

	if (log->path && fd >= 0)
		sys_close(fd);
	errno = saved;
}

void report_went_on(struct report *r)
{
	r->what = REPORT_WENT_ON;
	fault_why(&r->fault, r->fault.why[0] ? "; on_error = continue: executed outside"
					     : "on_error = continue: executed outside");
}

/* Of a namespace of this thread, or 0. What /proc does not say, since there is none, the kernel may. */
static ino_t number_of(bool said, struct stat *st, enum ns_kind k, bool children)
{
	int self, fd;
	bool known;

	if (said)
		return st->st_ino;
	self = sys_pidfd_self();
	fd = sys_pidfd_ns(self, k, children);
	if (self >= 0)
		sys_close(self);
	known = fd >= 0 && !fstat(fd, st);
	if (fd >= 0)
		sys_close(fd);
	return known ? st->st_ino : 0;
}

static long long now(void)
{
	struct timespec t = { 0 };

	syscall(SYS_clock_gettime, CLOCK_REALTIME, &t);
	return (long long)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void report_about(struct report *r, const struct log *log, const char *door, const char *path)
{
	struct stat st;

	if (!log->traces)
		return;
	r->door = door;
	text_copy(r->program, sizeof r->program, pattern_base(path));
	for (char *c = r->program; *c; c++)
		if (*c == '\t' || *c == '\n')
			*c = '?';
	r->pid = (pid_t)syscall(SYS_getpid);
	r->parent = (pid_t)syscall(SYS_getppid);
	r->pidns = number_of(!stat("/proc/self/ns/pid", &st), &st, NS_PID, false);
	r->begun = r->done = now();
}

void report_ended(struct report *r, const struct log *log)
{
	if (log->traces)
		r->done = now();
}

static void record_num(struct text *t, long long n)
{
	text_num(t, n);
	text_str(t, "\t");
}

static void record(const struct report *r, const char *what, int fd)
{
	char line[512];
	struct text t = text_in(line, sizeof line - 1);

	text_str(&t, "nsshim\t");
	text_str(&t, what);
	text_str(&t, "\t");
	record_num(&t, (long long)r->pidns);
	record_num(&t, r->pid);
	record_num(&t, r->parent);
	record_num(&t, r->done);
	record_num(&t, r->done - r->begun);
	text_str(&t, r->door);
	text_str(&t, "\t");
	text_str(&t, r->rule);
	text_str(&t, "\t");
	for (enum ns_kind k = 0; k < NS_KINDS; k++)
		if (r->kinds & ns_table[k].flag) {
			text_str(&t, ns_table[k].name);
			text_str(&t, ":");
			text_num(&t, (long long)r->id[k]);
			text_str(&t, " ");
		}
	text_str(&t, "\t");
	text_str(&t, r->program);
	t.end++;
	text_str(&t, "\n");
	fault_say(fd, line, (size_t)(t.at - line));
}

void report_loaded(const struct log *log, const char *path)
{
	struct report r = { .rule = "" };
	int fd = log_open(log, LOG_INFO);

	report_about(&r, log, "", path);
	if (fd >= 0)
		record(&r, "loaded", fd);
	log_close(log, fd);
}

/* Only where it is asked for: a stat of /proc for each kind. */
void report_entered(struct report *r, const struct entry *e, const struct log *log)
{
	const struct plan *plan = e->plan;
	char path[SYS_NS_PATH + 16];
	int left = e->left;
	struct stat st;

	report_ended(r, log);
	r->what = REPORT_ENTERED;
	r->user_created = plan->creates_user;
	r->rule = plan->rule->name;
	r->kinds = 0;
	for (unsigned i = 0; i < plan->rule->kinds; i++)
		r->kinds |= ns_table[plan->rule->ns[i].kind].flag;
	/* A record is of all that it is in by then, a line of what has changed. */
	if (log->traces)
		left = r->kinds |= left;
	for (enum ns_kind k = 0; k < NS_KINDS && log->level >= LOG_INFO; k++) {
		struct text t = text_in(path, sizeof path);
		bool children = k == NS_TIME || k == NS_PID;

		/* A time namespace that was created is entered by the exec to come, one of pids by
		   the child. */
		text_str(&t, "/proc/thread-self/ns/");
		text_str(&t, ns_table[k].name);
		text_str(&t, children ? "_for_children" : "");
		r->id[k] = left & ns_table[k].flag
				   ? number_of(!entry_stat(e, path, &st), &st, k, children)
				   : 0;
	}
}

/* nsshim: [RULE] entered net, in a user namespace created: user:[4026532] net:[4026533] */
static size_t entered_text(const struct report *r, char *buf, size_t size)
{
	struct text t = text_in(buf, size);
	enum ns_kind k;

	text_str(&t, "nsshim: [");
	text_str(&t, r->rule);
	text_str(&t, "] entered");
	trace_kinds(&t, r->kinds);
	text_str(&t, r->user_created ? ", in a user namespace created:" : ":");
	for (k = 0; k < NS_KINDS; k++) {
		if (!r->id[k])
			continue;
		text_str(&t, " ");
		text_str(&t, ns_table[k].name);
		text_str(&t, ":[");
		text_num(&t, (long long)r->id[k]);
		text_str(&t, "]");
	}
	if (r->powerless)
		text_str(&t, "; the target's set-id bits or file capabilities have no power there");
	text_str(&t, "\n");
	return (size_t)(t.at - buf);
}

void report_write(const struct report *r, const struct log *log, int fd)
{
	char line[FAULT_TEXT];

	if (fd < 0 || r->what == REPORT_NOTHING)
		return;
	if (r->what != REPORT_ENTERED)
		fault_write(&r->fault, fd);
	else if (log->traces)
		record(r, "entered", fd);
	else if (log->level >= LOG_INFO)
		fault_say(fd, line, entered_text(r, line, sizeof line));
}

void report_say(const struct report *r, const struct log *log)
{
	int fd;

	if (r->what == REPORT_NOTHING)
		return;
	fd = log_open(log, r->what == REPORT_ENTERED ? LOG_INFO : LOG_ERROR);
	report_write(r, log, fd);
	log_close(log, fd);
}

#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shim/command/choice.h"
#include "shim/command/command.h"
#include "shim/command/out.h"
#include "shim/state.h"

static const char help[] =
	"usage: nsshim trace [-p PROFILE] [-e KEY=VALUE]... [--] PROGRAM [ARGUMENT]...\n"
	"\n"
	"Runs the program as `nsshim run` does, and tells on standard error, when it has\n"
	"ended, what it started: each process with its program, when it began, and\n"
	"whether it is outside, or by which rule and door it entered what. What has\n"
	"entered is not followed; nor is what has lost the library.\n"
	"\n" CHOICE_HELP "  -h, --help             this\n"
	"\n"
	"Exit status: that of the program, 128 and its signal; 125 nsshim itself.\n"
	"\n"
	"  nsshim trace make -j4\n";

/* A line of the log, taken apart (shim/report.h). */
struct record {
	bool entered;
	int pid, parent;
	long long when; /* microseconds */
	char *door, *rule, *kinds, *program;
	bool told;
};

struct story {
	struct record *record;
	size_t count, room;
	bool others; /* a line that is no record */
};

static void add(struct story *t, char *line)
{
	struct record r = { .entered = false };
	char *word[9], *at = line;
	int n = 0;

	while (n < 9 && at)
		word[n++] = strsep(&at, "\t");
	if (n < 9) {
		t->others = true;
		fprintf(stderr, "%s\n", line);
		return;
	}
	r.entered = !strcmp(word[1], "entered");
	r.pid = atoi(word[2]);
	r.parent = atoi(word[3]);
	r.when = atoll(word[4]);
	r.door = word[5];
	r.rule = word[6];
	r.kinds = word[7];
	r.program = word[8];
	if (t->count == t->room) {
		t->room = 2 * t->room + 64;
		t->record = reallocarray(t->record, t->room, sizeof r);
		if (!t->record)
			abort();
	}
	t->record[t->count++] = r;
}

static void tell(const struct story *t, const struct record *r, unsigned depth)
{
	fprintf(stderr, "%9.3f ms  %*s%d  %s  ", (double)(r->when - t->record[0].when) / 1000,
		2 * (int)depth, "", r->pid, r->program[0] ? r->program : "(forked)");
	if (r->entered)
		fprintf(stderr, "[%s] by %s:%s\n", r->rule, r->door, r->kinds);
	else
		fprintf(stderr, "outside\n");
}

/* All that one process was, one after the other, and what it started. */
static void tell_process(struct story *t, int pid, unsigned depth)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->record[i].pid == pid && !t->record[i].told) {
			t->record[i].told = true;
			tell(t, &t->record[i], depth);
		}
	for (size_t i = 0; i < t->count; i++)
		if (t->record[i].parent == pid && t->record[i].pid != pid && !t->record[i].told)
			tell_process(t, t->record[i].pid, depth + 1);
}

static int by_time(const void *a, const void *b)
{
	long long x = ((const struct record *)a)->when, y = ((const struct record *)b)->when;

	return x < y ? -1 : x > y;
}

static int tell_all(const char *path)
{
	struct story t = { .count = 0 };
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	while (file && (n = getline(&line, &size, file)) > 0) {
		line[n - (line[n - 1] == '\n')] = '\0';
		add(&t, line);
		line = NULL; /* the record has it */
		size = 0;
	}
	if (!file || ferror(file))
		return -1;
	fclose(file);
	qsort(t.record, t.count, sizeof *t.record, by_time);
	for (size_t i = 0; i < t.count; i++)
		if (!t.record[i].told)
			tell_process(&t, t.record[i].pid, 0);
	if (!t.count && !t.others)
		fprintf(stderr, "nsshim: trace: nothing was started that the library saw\n");
	return 0;
}

static int failed(const char *what)
{
	out_refuse("trace", "%s: %s", what, strerror(errno));
	return EXIT_PROFILE;
}

/* In the child; the program's process. */
static int run(int argc, char **argv, const char *path)
{
	char *log;

	if (asprintf(&log, "trace:%s", path) < 0 || setenv("NSSHIM_LOG", log, true))
		return failed("NSSHIM_LOG");
	optind = 0;
	return command_run(argc, argv);
}

static int follow(int argc, char **argv, const char *path)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(run(argc, argv, path));
	if (pid < 0)
		return failed("fork");
	/* What a terminal sends is for the program. */
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return failed("waitpid");
	if (tell_all(path))
		return failed(path);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int command_trace(int argc, char **argv)
{
	const char *folder = getenv("TMPDIR");
	struct choice c = { 0 };
	int status, fd;
	char *path;

	if (!choice_program(&c, argc, argv, help, &status))
		return status;
	if (asprintf(&path, "%s/nsshim-trace.XXXXXX",
		     folder && folder[0] == '/' ? folder : "/tmp") < 0)
		abort();
	fd = mkstemp(path);
	if (fd < 0)
		return failed(path);
	close(fd);
	status = follow(argc, argv, path);
	unlink(path);
	free(path);
	return status;
}

#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shim/command/trace/records.h"

int records_make(struct records *r)
{
	const char *above = getenv("TMPDIR");
	int fd;

	r->folder = NULL;
	r->file = NULL;
	if (asprintf(&r->path, "%s/nsshim-trace.XXXXXX",
		     above && above[0] == '/' ? above : "/tmp") < 0)
		abort();
	if (!mkdtemp(r->path))
		return -1;
	r->folder = r->path;
	if (asprintf(&r->path, "%s/XXXXXX", r->folder) < 0)
		abort();
	/* Kept open: the program may clean up where it lies. */
	fd = mkostemp(r->path, O_CLOEXEC);
	r->file = fd < 0 ? NULL : fdopen(fd, "r");
	return r->file && !fchmod(fd, 0622) && !chmod(r->folder, 0711) ? 0 : -1;
}

void records_remove(struct records *r)
{
	if (r->folder) {
		unlink(r->path);
		rmdir(r->folder);
	}
	if (r->file)
		fclose(r->file);
	free(r->folder);
	free(r->path);
}

enum word { NAME, WHAT, PIDNS, PID, PARENT, WHEN, TOOK, DOOR, RULE, NAMESPACES, PROGRAM, WORDS };

/* Whose record it is: one that was seen, or told of before, or a new one. */
static int process_of(struct history *h, unsigned long pidns, pid_t pid, pid_t parent,
		      long long when)
{
	int i = history_find(h, pidns, pid, when);

	if (i >= 0)
		return i;
	i = history_add(h, pidns, pid, when);
	h->process[i].parent_pid = parent;
	h->process[i].parent = parent ? history_find(h, pidns, parent, when) : -1;
	return i;
}

static bool take(struct history *h, char *line)
{
	char *word[WORDS], *at = line;
	struct event *e;
	long long when;
	int n = 0, process;

	while (n < WORDS && at)
		word[n++] = strsep(&at, "\t");
	if (n < WORDS || strcmp(word[NAME], "nsshim") != 0)
		return false;
	when = atoll(word[WHEN]);
	if (when < 0)
		return false;
	process = process_of(h, strtoul(word[PIDNS], NULL, 10), atoi(word[PID]), atoi(word[PARENT]),
			     when);
	e = history_event(h, process, strcmp(word[WHAT], "entered") ? EVENT_LOADED : EVENT_ENTERED,
			  when);
	e->took = atoll(word[TOOK]);
	e->door = history_text(word[DOOR]);
	e->rule = history_text(word[RULE]);
	e->namespaces = history_text(word[NAMESPACES]);
	e->program = history_text(word[PROGRAM]);
	return true;
}

int records_read(const struct records *r, struct history *h)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	while ((n = getline(&line, &size, r->file)) > 0) {
		char *whole;

		line[n - (line[n - 1] == '\n')] = '\0';
		whole = history_text(line); /* taking it apart cuts it */
		if (take(h, line))
			free(whole);
		else
			history_say(h, whole);
	}
	free(line);
	return ferror(r->file) ? -1 : 0;
}

#define _GNU_SOURCE
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/subid.h"
#include "shim/sys.h"

static void find_owner(struct subid *s)
{
	const struct passwd *p = getpwuid(geteuid());
	struct text t = text_in(s->owner, sizeof s->owner);

	if (p)
		text_str(&t, p->pw_name);
	else
		text_num(&t, geteuid());
}

/* A decimal number with nothing before it, `end` right behind it; false: it is none. */
static bool number(const char *s, char end, uint64_t *n, const char **rest)
{
	char *stop;

	if (*s < '0' || *s > '9')
		return false;
	errno = 0;
	*n = strtoull(s, &stop, 10);
	if (errno || (*stop != end && !(end == '\n' && !*stop)) || *n > UINT32_MAX)
		return false;
	*rest = stop + 1;
	return true;
}

/*
 * OWNER:START:COUNT. Lines of others, and lines that are no such thing, are passed over as by
 * newuidmap.
 */
static void take_line(struct subid *s, const char *line)
{
	size_t len = strcspn(line, ":");
	uint64_t id, start, count;
	const char *rest;
	bool ours = strlen(s->owner) == len && !strncmp(line, s->owner, len);

	if (line[len] != ':' || s->ranges == IDMAP_MOST)
		return;
	ours |= number(line, ':', &id, &rest) && id == geteuid();
	if (!ours || !number(line + len + 1, ':', &start, &rest) ||
	    !number(rest, '\n', &count, &rest) || !count || start + count > UINT32_MAX)
		return;
	s->range[s->ranges].start = start;
	s->range[s->ranges].count = count;
	s->ranges++;
}

int subid_load(struct subid *s, const char *path, struct fault *f)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	int failed = 0;

	s->file = path;
	s->ranges = 0;
	find_owner(s);
	if (!file)
		return errno == ENOENT ? 0 : fault_set(f, "open", NS_USER, path, errno);
	failed = sys_check_trust(fileno(file), path, f);
	while (!failed && getline(&line, &size, file) > 0)
		take_line(s, line);
	free(line);
	fclose(file);
	return failed;
}

bool subid_has(const struct subid *s, const struct idmap_extent *e)
{
	for (unsigned i = 0; i < s->ranges; i++)
		if (e->outside >= s->range[i].start &&
		    (uint64_t)e->outside + e->count <= s->range[i].start + s->range[i].count)
			return true;
	return false;
}

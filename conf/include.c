#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/expand.h"
#include "conf/parse.h"
#include "conf/text.h"

enum { MOST = 4 /* files deep: each is some room of a stack that may be small */ };

static void refuse_include(struct draft *d, const char *a, const char *path, const char *b)
{
	char why[sizeof((struct fault *)0)->why];
	struct text t = text_in(why, sizeof why);

	text_str(&t, a);
	text_str(&t, path);
	text_str(&t, b);
	draft_refuse(d, PARSE_INCLUDE, strlen(PARSE_INCLUDE), why);
}

/* Relative to the directory of the file that includes it. Null: no memory. */
static const char *include_path(struct draft *d, const char *value)
{
	const char *slash = strrchr(d->name, '/');
	size_t dir = value[0] != '/' && slash ? (size_t)(slash - d->name) + 1 : 0;
	size_t len = strlen(value);
	char *path = draft_alloc(d, dir + len + 1);

	if (path) {
		memcpy(path, d->name, dir);
		memcpy(path + dir, value, len);
	}
	return path;
}

/* Null, or why the file cannot be one of those that include each other. */
static const char *check_nesting(const struct parse *p, const struct stat *st)
{
	unsigned depth = 0;

	for (; p; p = p->outer, depth++)
		if (p->dev == st->st_dev && p->ino == st->st_ino)
			return "it would include itself: ";
	return depth > MOST ? "more than 4 files deep: " : NULL;
}

static void read_included(struct parse *outer, int fd, const char *path, const struct stat *st)
{
	struct draft *d = outer->draft;
	struct parse p = { .draft = d,
			   .outer = outer,
			   .trusts = outer->trusts,
			   .dev = st->st_dev,
			   .ino = st->st_ino };
	size_t size = (size_t)st->st_size;
	struct arena *own = arena_new(size + 1);
	char *text = own ? arena_alloc(own, size + 1) : NULL;
	const char *name = d->name;
	int line = d->line;
	struct fault f;

	d->no_memory |= !text;
	if (!text)
		close(fd);
	else if (file_read(fd, path, text, size, &f))
		refuse_include(d, "cannot be read: ", path, "");
	else {
		draft_room(d, parse_headers(text, size));
		d->name = path;
		parse(&p, text, size, false);
		d->name = name;
		d->line = line;
	}
	arena_free(own);
}

void parse_include(struct parse *p, const char *value)
{
	struct draft *d = p->draft;
	struct profile *profile = d->profile;
	const char *path, *why;
	struct fault f;
	struct stat st;
	int fd;

	draft_end(d);
	if (!d->from_file) {
		refuse_include(d, "only in a file", "", "");
		return;
	}
	value = expand(d, PARSE_INCLUDE, value);
	path = value ? include_path(d, value) : NULL;
	if (!path)
		return;
	fd = file_open(path, p->trusts, &st, &f);
	if (fd < 0) {
		refuse_include(d, path, ": ", f.why[0] ? f.why : fault_error(f.err));
		return;
	}
	why = check_nesting(p, &st);
	if (why) {
		refuse_include(d, why, path, "");
		close(fd);
		return;
	}
	/* Who has only the stamp of the one file cannot tell that another has changed. */
	profile->large = false;
	profile->stamp = (profile->stamp ^ file_stamp(&st)) >> 1 | 1;
	read_included(p, fd, path, &st);
}

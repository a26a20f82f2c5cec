#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include "conf/match.h"
#include "conf/pattern.h"
#include "conf/text.h"
#include "shim/choose.h"
#include "shim/condition.h"
#include "shim/path.h"
#include "shim/sys.h"

struct file {
	struct subject subject; /* first: the callbacks are handed this */
	const struct target *target;
	int dirfd, flags; /* the target's */
	const char *path;
	bool loaded;
	int err; /* why a question had no answer */
	char buf[PATH_MAX];
};

static struct file *of(struct subject *s)
{
	return (struct file *)((char *)s - offsetof(struct file, subject));
}

static const char *absolute(struct subject *s)
{
	struct file *file = of(s);
	const char *path = file->path[0] == '/' ? file->path
						: path_absolute(file->dirfd, file->path, file->buf);

	if (!path)
		file->err = errno;
	return path;
}

static const char *resolved(struct subject *s)
{
	struct file *file = of(s);
	const char *path = path_absolute(file->dirfd, file->path, file->buf);

	path = path ? path_resolve(file->buf) : NULL;
	if (!path)
		file->err = errno;
	return path;
}

static bool same(struct subject *s, const char *path)
{
	struct file *file = of(s);
	struct stat a, b;

	return !fstatat(file->dirfd, file->path, &a, file->flags & AT_EMPTY_PATH) &&
	       !stat(path, &b) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static bool holds(struct subject *s, const struct rule *r)
{
	return condition_holds(r, of(s)->target, of(s)->loaded);
}

bool choose_by_name(const char *path)
{
	return path[0] && !path_magic(path);
}

/* The file's own name, where its path has none: what is executed is told by a descriptor. */
static void find_base(struct file *file, char *name)
{
	int fd = file->path[0] ? sys_open(file->path, O_PATH) : file->dirfd;
	const char *whole = path_of(fd, file->buf);

	if (!whole)
		file->err = errno;
	text_copy(name, NAME_MAX + 1, whole ? pattern_base(whole) : "");
	if (file->path[0])
		sys_close(fd);
	file->subject.base = name;
}

static void look_at(struct file *file, char *name, const struct target *t, bool loaded)
{
	file->subject = (struct subject){ .base = pattern_base(t->path),
					  .absolute = absolute,
					  .resolved = resolved,
					  .holds = holds,
					  .same = same };
	file->target = t;
	file->loaded = loaded;
	file->dirfd = t->dirfd;
	file->flags = t->flags;
	file->path = t->path;
	file->err = 0;
	if (!choose_by_name(t->path))
		find_base(file, name);
}

const struct rule *choose(const struct profile *p, const struct target *t, bool loaded,
			  struct fault *f)
{
	struct file file;
	char name[NAME_MAX + 1];
	const struct rule *rule;

	f->op[0] = '\0';
	look_at(&file, name, t, loaded);
	rule = match_first(p, &file.subject);
	/* What is not there needs no rule: its exec fails, and says so better. */
	if (!rule && file.err && !sys_may_execute(t->dirfd, t->path, t->flags & AT_EMPTY_PATH)) {
		fault_set(f, "match", NS_KINDS, t->path, file.err);
		fault_why(f, "whether a rule fits depends on the program's absolute path, which "
			     "cannot be had; a pattern without a slash does not need it");
	}
	return rule && !rule_is_empty(rule) ? rule : NULL;
}

enum verdict choose_verdict(const struct rule *rule, const struct target *t, bool loaded,
			    const char **pattern)
{
	struct file file;
	char name[NAME_MAX + 1];

	look_at(&file, name, t, loaded);
	return match_verdict(rule, &file.subject, pattern);
}

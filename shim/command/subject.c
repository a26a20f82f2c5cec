#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/choose.h"
#include "shim/command/subject.h"
#include "shim/env.h"
#include "shim/search.h"

extern char **environ;

static int try(void *ctx, const char *path, bool *stop)
{
	struct subject_of *s = ctx;
	struct target t = s->target;
	int err;

	t.path = path;
	err = target_check(&t, false);
	if (err)
		return err;
	text_copy(s->path, sizeof s->path, path);
	s->target.path = s->path;
	s->found = *stop = true;
	return 0;
}

void subject_find(struct subject_of *s, char **argv)
{
	s->target = (struct target){
		.dirfd = AT_FDCWD, .path = argv[0], .shell = true, .argv = argv, .envp = environ
	};
	s->found = false;
	s->err = search(env_value(environ, "PATH"), argv[0], try, s);
}

const struct rule *subject_rule(const struct profile *p, const struct subject_of *s,
				struct fault *f)
{
	return choose(p, &s->target, true, f);
}

#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/command/install.h"
#include "shim/command/request.h"
#include "shim/env.h"
#include "shim/locate.h"
#include "shim/mark.h"
#include "shim/reexec.h"

extern char **environ;

/* A tree of its own, whose first program takes this one's place. */
void request_place(char *place)
{
	const char *runtime = env_value(environ, "XDG_RUNTIME_DIR");
	struct text t = text_in(place, PATH_MAX);
	struct timespec now = { 0 };
	struct tree tree;

	clock_gettime(CLOCK_BOOTTIME, &now);
	tree.pid = (unsigned)getpid();
	tree.since = (unsigned long long)now.tv_sec * 1000000000 + (unsigned long long)now.tv_nsec;
	mark_tree_text(&t, &tree);
	text_str(&t, ":");
	if (runtime && runtime[0] == '/' && strlen(runtime) < PATH_MAX / 2)
		text_str(&t, runtime);
}

/* Mounts may be others inside, so that a name is looked up there. */
static const char *path_of(const struct rule *rule, const struct subject_of *s)
{
	bool moves = rule_joins_process(rule) || rule->item[PHASE_FILES];

	for (unsigned i = 0; i < rule->kinds; i++)
		moves |= rule->ns[i].kind == NS_MNT && rule->ns[i].mode != NS_NEW;
	return moves && s->found ? s->target.argv[0] : s->target.path;
}

void request_make(struct request *r, const struct choice *c, const struct rule *rule,
		  const struct subject_of *s)
{
	const char *log = env_value(environ, "NSSHIM_LOG");
	size_t n = target_count(s->target.argv);
	char **arg = calloc(REEXEC_ARGV + n + 1, sizeof *arg);

	if (!arg)
		abort();
	log_parse(&r->log, log);
	request_place(r->place);
	install_find(r->library);
	arg[REEXEC_NAME] = (char *)"nsshim";
	arg[REEXEC_MODE] = (char *)"exec";
	arg[REEXEC_PROFILE] = (char *)locate_value(&c->source);
	arg[REEXEC_RULE] = (char *)rule->name;
	arg[REEXEC_PLACE] = r->place;
	arg[REEXEC_INIT] = r->library;
	arg[REEXEC_LOG] = (char *)(log ? log : "");
	arg[REEXEC_DIRFD] = (char *)"-100"; /* AT_FDCWD */
	arg[REEXEC_FLAGS] = (char *)"0";
	arg[REEXEC_OPTIONS] = (char *)"s";
	arg[REEXEC_SOCK] = (char *)"-1";
	arg[REEXEC_BEGUN] = (char *)"0";
	arg[REEXEC_PATH] = (char *)path_of(rule, s);
	memcpy(arg + REEXEC_ARGV, s->target.argv, n * sizeof *arg);
	r->arg = arg;
	env_strip(environ);
}

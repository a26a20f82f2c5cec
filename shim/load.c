#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/arena.h"
#include "conf/match.h"
#include "conf/pattern.h"
#include "shim/choose.h"
#include "shim/enter.h"
#include "shim/inner/given.h"
#include "shim/libc.h"
#include "shim/parent.h"
#include "shim/path.h"
#include "shim/reexec.h"
#include "shim/resolve.h"
#include "shim/state.h"

/*
 * The constructor, and with it the load door: a program that was executed past the other two
 * (inside libc, or by the system call itself) and that a rule fits enters here, before main.
 */

extern char **environ;

/* What was executed, as it was named: for a script its own path, not its interpreter's. */
static const char *executed(char *buf)
{
	const char *name = (const char *)getauxval(AT_EXECFN);

	if (name && !strncmp(name, "/dev/fd/", 8)) {
		/* A script is still open there for its interpreter; a program's descriptor may be
		 * gone. */
		const char *file = path_absolute(atoi(name + 8), "", buf);
		const char *rest = strchr(name + 8, '/');

		name = file && !rest ? file : NULL;
	}
	return name ? name : path_self(buf);
}

/*
 * What to execute for this very program to start once more: not the script, whose interpreter this
 * is.
 */
static const char *program(const char *name, char *buf)
{
	struct stat named, exe;

	if (!stat(name, &named) && !stat("/proc/self/exe", &exe) && named.st_ino == exe.st_ino &&
	    named.st_dev == exe.st_dev)
		return name;
	return path_self(buf);
}

/*
 * Ends the process, or lets it go on outside where the rule allows that and nothing is left
 * entered.
 */
static void failed(const struct state *s, struct report *r, bool go_on, int log)
{
	r->what = REPORT_FAILED;
	if (go_on)
		report_went_on(r);
	report_write(r, &s->log, log);
	log_close(&s->log, log);
	if (!go_on)
		_exit(EXIT_ENTRY);
}

static void by_fresh_image(const struct state *s, const struct rule *rule, const char *name,
			   char **argv, char **envp, int log)
{
	char buf[PATH_MAX];
	struct target target = { AT_FDCWD, 0, program(name, buf), false, argv, envp };
	struct report r = { .later = false };

	report_about(&r, &s->log, "load", name);
	/* Nobody waits for an errno, unless the rule goes on. */
	if (!rule->go_on || !reexec_try(s, s->judged_by, rule, &target, &r.fault))
		reexec(s, s->judged_by, rule, &target, r.begun, &r.fault);
	failed(s, &r, rule->go_on, log);
}

/* For the environment that the rule makes, while limits are those of before. 0; -1 and a fault. */
static int make_room(const struct rule *rule, void **room, struct fault *f)
{
	size_t size = given_env_room(rule, environ);
	struct arena *arena = size ? arena_new(size) : NULL;

	*room = arena ? arena_alloc(arena, size) : NULL;
	if (!size || *room)
		return 0;
	fault_set(f, "mmap", NS_KINDS, NULL, ENOMEM);
	fault_in(f, rule->name);
	return -1;
}

/* What the kernel and an earlier constructor gave it stays as it is, but for the shim's. */
static void leave_alone(const struct rule *rule, void *room, char **argv, char **envp)
{
	env_strip(envp);
	if (environ && environ != envp) /* an earlier constructor has called setenv */
		env_strip(environ);
	if (room)
		environ = given_env(rule, room, environ);
	if (argv[0] && given_arg0(rule))
		argv[0] = given_arg0(rule);
	state_retire();
}

/* The rule by which this program's parent has its children enter. */
static const struct rule *find_born_by(const struct state *s, struct fault *f)
{
	const struct rule *rule = profile_rule(s->judge, s->born_by);

	if (!rule) {
		fault_set(f, "find rule", NS_KINDS, s->born_by, ENOENT);
		fault_why(f, "it has gone from the profile since the program's parent was loaded");
	}
	return rule;
}

/* The rule to enter by. Null, with f->op empty: there is none; or *f. */
static const struct rule *decide(const struct state *s, const char *name, char **argv, char **envp,
				 struct fault *f)
{
	const struct rule *rule;

	f->op[0] = '\0';
	if (s->born_by[0])
		return find_born_by(s, f);
	if (!match_could(s->judge, pattern_base(name)))
		return NULL;
	rule = choose(s->judge, &(struct target){ AT_FDCWD, 0, name, false, argv, envp }, true, f);
	if (rule && rule->when == WHEN_FORK) {
		parent_begin(rule, envp);
		return NULL;
	}
	return rule && rule->when == WHEN_EXEC && s->wrapped ? NULL : rule;
}

/* Only in musl may they be lost. */
static bool has_words(char **argv, const struct rule *rule, struct fault *f)
{
	if (argv)
		return true;
	fault_set(f, "load", NS_KINDS, "LD_PRELOAD", ENOTSUP);
	fault_why(f, "another preloaded library has exchanged the environment before: name "
		     "libnsshim.so first");
	fault_in(f, rule->name);
	return false;
}

__attribute__((noinline)) static void load_door(const struct state *s, char **argv, char **envp)
{
	char buf[PATH_MAX];
	const char *name = executed(buf);
	const struct rule *rule, *resolved;
	struct report r = { .later = false };
	struct creds creds;
	struct asked asked;
	struct home home = own_home(&s->own, s->judged_by);
	struct plan plan;
	struct entry e;
	void *room;
	int log;

	rule = decide(s, name, argv, envp, &r.fault);
	if (!rule && !r.fault.op[0])
		return;
	log = log_open(&s->log, LOG_ERROR);
	if (!rule || !has_words(argv, rule, &r.fault))
		failed(s, &r, false, log);
	enter_creds(&creds);
	resolved = resolve(rule, &creds, home.place, &asked, &r.fault);
	if (!resolved) {
		failed(s, &r, rule->go_on, log);
		return;
	}
	rule = resolved;
	plan_build(&plan, rule, &creds, PLAN_LOAD);
	if (plan.moves_pid || enter_needs_fresh_image(&plan)) {
		by_fresh_image(s, rule, name, argv, envp, log);
		return;
	}
	if (make_room(rule, &room, &r.fault)) {
		failed(s, &r, rule->go_on, log);
		return;
	}
	report_about(&r, &s->log, "load", name);
	if (enter(&e, &plan, &home, s->log.level == LOG_DEBUG ? log : -1, &r.fault)) {
		failed(s, &r, entry_back(&e) && rule->go_on, log);
		return;
	}
	report_entered(&r, &e, &s->log);
	report_write(&r, &s->log, log);
	leave_alone(rule, room, argv, envp);
	if (enter_last(&e, &r.fault))
		failed(s, &r, false, log);
	log_close(&s->log, log);
	entry_close(&e);
	entry_show(&e);
}

__attribute__((noinline)) static void trace(const struct state *s)
{
	char buf[PATH_MAX];
	const char *name = executed(buf);

	report_loaded(&s->log, name ? name : "");
}

__attribute__((constructor)) static void load(int argc, char **argv, char **envp)
{
	int saved = errno;
	const struct state *s = state_get();

	(void)argc;
	if (libc_is_musl())
		libc_words(&argv, &envp);
	if (s->active) {
		if (s->log.traces)
			trace(s);
		state_mark(envp);
		if (s->judge)
			load_door(s, argv, envp);
	}
	errno = saved;
}

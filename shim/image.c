#define _GNU_SOURCE
#include <alloca.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shim/birth.h"
#include "shim/inner/deed.h"
#include "shim/inner/given.h"
#include "shim/image.h"
#include "shim/interp.h"
#include "shim/monitor.h"
#include "shim/path.h"
#include "shim/reexec.h"
#include "shim/report.h"
#include "shim/reread.h"
#include "shim/search.h"
#include "shim/stay.h"
#include "shim/remedy.h"
#include "shim/resolve.h"
#include "shim/signals.h"
#include "shim/sys.h"

extern char **environ;

struct image {
	char **arg; /* of enum reexec_arg */
	int sock;   /* of a trial; -1 */
	struct log log;
	struct target target;
	struct profile *profile;
	bool powerless; /* as in struct report */
	struct home home;
	int trace;
	/* `nsshim exec` or the like: with its exit statuses, and a path without a slash is a name. */
	bool command;
};

/* For the program's process, where that is not this one. */
struct program {
	struct image *image;
	struct entry *entry;
	struct fault *fault;
	struct stay stay;
	uint64_t mask;
};

static int enter_rule(struct image *im, struct entry *e, struct plan *plan, int trace,
		      struct fault *f)
{
	static char self[PATH_MAX];
	static struct asked asked; /* the plan is used after this returns */
	const char *profile = im->arg[REEXEC_PROFILE];
	const struct rule *rule = reread(profile, im->arg[REEXEC_RULE], &im->profile, f);
	struct creds creds;

	if (!rule)
		return -1;
	im->home = (struct home){ path_self(self), im->arg[REEXEC_INIT], profile,
				  im->arg[REEXEC_PLACE] };
	enter_creds(&creds);
	rule = resolve(rule, &creds, im->home.place, &asked, f);
	if (!rule)
		return -1;
	plan_build(plan, rule, &creds, PLAN_SPAWN);
	im->powerless =
		im->log.level >= LOG_INFO && plan->creates_user && target_has_power(&im->target);
	im->trace = im->log.level == LOG_DEBUG ? trace : -1;
	return enter(e, plan, &im->home, im->trace, f);
}

/* Each path that the target may mean: its own, or, of a name that `nsshim exec` was given, several. */
static int each_path(const struct image *im, search_try *try, void *ctx)
{
	const char *path = im->target.path;
	bool stop = false;

	return im->command ? search(env_value(environ, "PATH"), path, try, ctx)
			   : try(ctx, path, &stop);
}

static int check_path(void *ctx, const char *path, bool *stop)
{
	const struct program *p = ctx;
	struct target t = p->image->target;
	int err;

	(void)stop;
	t.path = path;
	err = target_check(&t, plan_has_fence(p->entry->plan));
	return err ? err : interp_check(&t, strchr(p->image->arg[REEXEC_OPTIONS], 'k'));
}

/* What can be said before the exec. */
static void check(struct image *im, struct entry *e, struct fault *f)
{
	struct program p = { .image = im, .entry = e };
	int err;

	memset(f, 0, sizeof *f);
	err = each_path(im, check_path, &p);
	if (!remedy_exec(f, e->plan, im->target.path, err))
		f->err = err;
}

static int try_born(void *arg)
{
	struct program *p = arg;

	check(p->image, p->entry, p->fault);
	_exit(0);
}

/* As for real, and in a child as for real. */
static void try_program(struct image *im, struct entry *e, struct fault *f)
{
	static const struct log off = { .level = LOG_OFF };
	struct report r = { .later = true };
	struct program p = { .image = im, .entry = e, .fault = f };
	struct place place;
	struct birth b = { .entry = e,
			   .place = &place,
			   .report = &r,
			   .log = &off,
			   .trace = -1,
			   .target = &im->target,
			   .execute = try_born,
			   .arg = &p };

	if (birth(&b, false, false))
		*f = r.fault;
	place_reap(&place);
}

/* Answers with what came of it, and of the target where that can only be seen inside. */
static int try_main(struct image *im)
{
	struct fault f = { 0 };
	struct entry e;
	struct plan plan;

	if (!enter_rule(im, &e, &plan, -1, &f)) {
		if (plan.moves_pid)
			try_program(im, &e, &f);
		else
			check(im, &e, &f);
	}
	return send(im->sock, &f, sizeof f, MSG_NOSIGNAL) == (ssize_t)sizeof f ? 0 : 1;
}

static int execute_path(void *ctx, const char *path, bool *stop)
{
	const struct target *given = ctx;
	struct target t = *given;

	(void)stop;
	t.path = path;
	return target_execute(&t, t.envp);
}

/* Returns the errno. */
static int execute(const struct image *im, const struct rule *rule)
{
	struct target t = im->target;
	size_t size = given_env_room(rule, environ);

	if (size)
		t.envp = given_env(rule, alloca(size), t.envp);
	size = given_argv_room(rule, t.argv);
	if (size)
		t.argv = given_argv(rule, alloca(size), t.argv);
	return each_path(im, execute_path, &t);
}

static int execute_born(void *arg)
{
	struct program *p = arg;

	stay_hand_over(&p->stay);
	if (enter_last(p->entry, p->fault))
		return p->fault->err;
	if (signals_unblock(&p->mask))
		return signals_denied(p->fault);
	return execute(p->image, p->entry->plan->rule);
}

/* The program as a child of this process, which becomes its monitor. Returns the errno of its exec. */
static int start_program(struct image *im, struct entry *e, struct report *r, int log)
{
	struct program p = { .image = im, .entry = e, .fault = &r->fault };
	struct place place;
	struct birth b = { .entry = e,
			   .place = &place,
			   .report = r,
			   .log = &im->log,
			   .trace = im->trace,
			   .target = &im->target,
			   .execute = execute_born,
			   .arg = &p };

	r->powerless = im->powerless;
	signals_block(&p.mask);
	stay_begin(&p.stay);
	if (birth(&b, true, false))
		return b.err;
	report_write(r, &im->log, log);
	deed_follow(e);
	place_stay(&place);
	profile_free(im->profile);
	entry_write(e, MONITOR_FILTER, "0");
	monitor(&place, place.child);
}

static int enter_main(struct image *im)
{
	struct report r = { .later = false };
	int log = log_open(&im->log, LOG_ERROR);
	struct entry e;
	struct plan plan;
	int err = 0;

	report_about(&r, &im->log, "image", im->target.path);
	if (atoll(im->arg[REEXEC_BEGUN]))
		r.begun = atoll(im->arg[REEXEC_BEGUN]);
	if (!enter_rule(im, &e, &plan, log, &r.fault)) {
		if (plan.moves_pid) {
			err = start_program(im, &e, &r, log);
		} else {
			report_entered(&r, &e, &im->log);
			r.powerless = im->powerless;
			report_write(&r, &im->log, log);
			err = enter_last(&e, &r.fault) ? r.fault.err : execute(im, plan.rule);
		}
	}
	if (err && !e.failed && !remedy_exec(&r.fault, &plan, im->target.path, err))
		fault_set(&r.fault, "execve", NS_KINDS, im->target.path, err);
	r.what = REPORT_FAILED;
	fault_in(&r.fault, im->arg[REEXEC_RULE]);
	report_write(&r, &im->log, log);
	if (!im->command)
		return EXIT_ENTRY;
	return !err || e.failed ? EXIT_PROFILE : image_status(err);
}

static struct image image_of(char **arg, bool command)
{
	struct image im = { .arg = arg, .sock = atoi(arg[REEXEC_SOCK]), .command = command };

	im.target = (struct target){
		.dirfd = atoi(arg[REEXEC_DIRFD]),
		.flags = atoi(arg[REEXEC_FLAGS]),
		.path = arg[REEXEC_PATH],
		.shell = strchr(arg[REEXEC_OPTIONS], 's'),
		.argv = arg + REEXEC_ARGV,
		.envp = environ,
	};
	log_parse(&im.log, arg[REEXEC_LOG]);
	return im;
}

int image_main(char **arg)
{
	struct image im = image_of(arg, false);

	env_uncarry(environ);
	/* Both had to come through an exec; the target shall not have the one, nor the other as it
	 * is. */
	if (im.sock >= 0)
		fcntl(im.sock, F_SETFD, FD_CLOEXEC);
	if (strchr(arg[REEXEC_OPTIONS], 'k'))
		fcntl(im.target.dirfd, F_SETFD, FD_CLOEXEC);
	if (im.sock < 0)
		return enter_main(&im);
	/* Were it killed who asks, this would else wait on for a file system that does not answer. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	return try_main(&im);
}

int image_status(int err)
{
	return err == ENOENT || err == ENOTDIR ? EXIT_NOT_FOUND : EXIT_ENTRY;
}

int image_exec(char **arg)
{
	struct image im = image_of(arg, true);

	return enter_main(&im);
}

int image_outside(char **arg)
{
	struct image im = image_of(arg, true);
	int err = each_path(&im, execute_path, &im.target);
	struct fault f;

	fault_set(&f, "execve", NS_KINDS, im.target.path, err);
	fault_write(&f, STDERR_FILENO);
	return image_status(err);
}

/* In a child, as the library does. */
int image_try(char **arg, struct fault *f)
{
	struct image im = image_of(arg, true);
	int sock[2];
	ssize_t n;
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sock))
		return fault_set(f, "socketpair", NS_KINDS, NULL, errno);
	im.sock = sock[1];
	child = fork();
	if (!child)
		_exit(try_main(&im));
	close(sock[1]);
	n = child < 0 ? -1 : recv(sock[0], f, sizeof *f, MSG_WAITALL);
	close(sock[0]);
	if (child < 0)
		return fault_set(f, "fork", NS_KINDS, NULL, errno);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	if (n != (ssize_t)sizeof *f)
		return fault_set(f, "try", NS_KINDS, NULL, EPROTO);
	return f->op[0] || f->err ? -1 : 0;
}

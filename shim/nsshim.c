#define _GNU_SOURCE
#include <alloca.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "shim/birth.h"
#include "shim/compiler.h"
#include "shim/deed.h"
#include "shim/enter.h"
#include "shim/given.h"
#include "shim/interp.h"
#include "shim/holder.h"
#include "shim/mapper.h"
#include "shim/monitor.h"
#include "shim/path.h"
#include "shim/pool.h"
#include "shim/reexec.h"
#include "shim/report.h"
#include "shim/reread.h"
#include "shim/stay.h"
#include "shim/remedy.h"
#include "shim/resolve.h"
#include "shim/roll.h"
#include "shim/sets.h"
#include "shim/signals.h"
#include "shim/sys.h"

/*
 * The command for shared sets, and the helper image. Whose modes are the library's own, and no
 * interface: it enters in the place of a process that cannot (--enter), tries that out (--try),
 * writes id maps (--map), compiles filters (--filter), holds a set (--hold), and makes some ahead (--pool).
 */

extern char **environ;

static const char usage[] =
	"usage: nsshim list | drop NAME | --help | --version\n"
	"  list       the live sets of rules with `share`: name, kinds, members, age, whose\n"
	"  drop NAME  ends the sets of this name: who comes next makes a new one\n"
	"The helper image of libnsshim.so, which starts it where it is needed:\n"
	"  LD_PRELOAD=libnsshim.so PROGRAM [ARG...]\n"
	"See nsshim(5) for profiles, libnsshim(7) for the library.\n";

struct image {
	char **arg; /* of enum reexec_arg */
	int sock;   /* of a trial; -1 */
	struct log log;
	struct target target;
	struct profile *profile;
	bool powerless; /* as in struct report */
	struct home home;
	int trace;
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

/* What can be said before the exec. */
static void check(struct image *im, const struct plan *plan, struct fault *f)
{
	int err;

	memset(f, 0, sizeof *f);
	err = target_check(&im->target, plan_has_fence(plan));
	if (!err)
		err = interp_check(&im->target, strchr(im->arg[REEXEC_OPTIONS], 'k'));
	if (!remedy_exec(f, plan, im->target.path, err))
		f->err = err;
}

static int try_born(void *arg)
{
	struct program *p = arg;

	check(p->image, p->entry->plan, p->fault);
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
			check(im, &plan, &f);
	}
	return send(im->sock, &f, sizeof f, MSG_NOSIGNAL) == (ssize_t)sizeof f ? 0 : 1;
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
	return target_execute(&t, t.envp);
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
	monitor(&place, place.child);
}

static int enter_main(struct image *im)
{
	struct report r = { .later = false };
	int log = log_open(&im->log, LOG_ERROR);
	struct entry e;
	struct plan plan;
	int err = 0;

	if (!enter_rule(im, &e, &plan, log, &r.fault)) {
		if (plan.moves_pid) {
			err = start_program(im, &e, &r, log);
		} else {
			report_entered(&r, &plan, e.left, &im->log);
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
	return EXIT_ENTRY;
}

static int image_main(char **arg)
{
	struct image im = { .arg = arg, .sock = atoi(arg[REEXEC_SOCK]) };

	im.target = (struct target){
		.dirfd = atoi(arg[REEXEC_DIRFD]),
		.flags = atoi(arg[REEXEC_FLAGS]),
		.path = arg[REEXEC_PATH],
		.shell = strchr(arg[REEXEC_OPTIONS], 's'),
		.argv = arg + REEXEC_ARGV,
		.envp = environ,
	};
	env_uncarry(environ);
	log_parse(&im.log, arg[REEXEC_LOG]);
	/* Both had to come through an exec; the target shall not have the one, nor the other as it
	 * is. */
	if (im.sock >= 0)
		fcntl(im.sock, F_SETFD, FD_CLOEXEC);
	if (strchr(arg[REEXEC_OPTIONS], 'k'))
		fcntl(im.target.dirfd, F_SETFD, FD_CLOEXEC);
	return im.sock >= 0 ? try_main(&im) : enter_main(&im);
}

/* Every signal is blocked, and stays so. */
_Noreturn static void monitor_main(char **arg)
{
	struct place place;

	place_none(&place);
	place.init = atoi(arg[STAY_INIT]);
	place.pipe = atoi(arg[STAY_PIPE]);
	monitor(&place, atoi(arg[STAY_CHILD]));
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[REEXEC_MODE] : "";

	if (argc == 2 && !strcmp(mode, "--version"))
		return puts("nsshim " VERSION) < 0;
	if (argc == 2 && !strcmp(mode, "--help"))
		return fputs(usage, stdout) < 0;
	if (argc == STAY_ARGS && !strcmp(mode, "--monitor"))
		monitor_main(argv);
	if (argc == 2 && !strcmp(mode, "list"))
		return roll_list();
	if (argc == 3 && !strcmp(mode, "drop"))
		return roll_drop(argv[2]);
	if (argc == SETS_ARGS && !strcmp(mode, "--hold"))
		return holder_main(argv);
	if (argc == SETS_ARGS && !strcmp(mode, "--pool"))
		return pool_main(argv);
	if (argc > COMPILER_NAMES && !strcmp(mode, "--filter"))
		return compiler_main(argv);
	if (argc == 6 && !strcmp(mode, "--map"))
		return mapper_main(argv + 2);
	if (argc >= REEXEC_ARGV && (!strcmp(mode, "--enter") || !strcmp(mode, "--try")))
		return image_main(argv);
	fputs(usage, stderr);
	return EXIT_PROFILE;
}

#define _GNU_SOURCE
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
#include <sys/wait.h>
#include <unistd.h>

#include "shim/enter.h"
#include "shim/interp.h"
#include "shim/holder.h"
#include "shim/mapper.h"
#include "shim/monitor.h"
#include "shim/place.h"
#include "shim/pool.h"
#include "shim/reexec.h"
#include "shim/report.h"
#include "shim/reread.h"
#include "shim/resolve.h"
#include "shim/roll.h"
#include "shim/sys.h"

/*
 * The command for shared sets, and the helper image. Whose modes are the library's own, and no
 * interface: it enters in the place of a process that cannot (--enter), tries that out (--try),
 * writes id maps (--map), holds a set (--hold), and makes some ahead (--pool).
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

/* The program's process, where it is not this one. */
struct program {
	struct image *image;
	struct entry *entry;
	struct fault *fault;
	const uint64_t *mask;
	pid_t parent;
	bool ignores; /* SIGCHLD is ignored in it */
	struct itimerval timer[3]; /* what was set before the exec stays set */
};

static int enter_rule(struct image *im, struct entry *e, struct plan *plan, int trace,
		      struct fault *f)
{
	static char self[PATH_MAX];
	static struct asked asked; /* the plan is used after this returns */
	const char *profile = im->arg[REEXEC_PROFILE];
	const struct rule *rule = reread(profile, im->arg[REEXEC_RULE], &im->profile, f);
	struct creds creds;
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	if (!rule)
		return -1;
	self[n < 0 ? 0 : n] = '\0';
	im->home = (struct home){ self, im->arg[REEXEC_INIT], profile, im->arg[REEXEC_PLACE] };
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
static void check(struct image *im, struct fault *f)
{
	memset(f, 0, sizeof *f);
	f->err = target_check(&im->target, false);
	if (!f->err)
		f->err = interp_check(&im->target, strchr(im->arg[REEXEC_OPTIONS], 'k'));
}

static int try_born(void *arg)
{
	struct program *p = arg;

	if (!enter_born(p->entry, -1, p->fault))
		check(p->image, p->fault);
	_exit(0);
}

/* As for real, and in a child as for real. */
static void try_program(struct image *im, struct entry *e, struct fault *f)
{
	struct program p = { .image = im, .entry = e, .fault = f };
	char stack[PLACE_STACK] __attribute__((aligned(16)));
	struct place place;
	pid_t pid;

	if (place_prepare(&place, stack, e, false, f))
		return;
	pid = place_child(&place, try_born, &p, 0, false);
	if (pid < 0)
		fault_set(f, "clone", NS_PID, NULL, errno);
	else
		waitpid(pid, NULL, __WALL);
	if (!f->op[0])
		place_begun(&place, e, f);
	place_end(&place);
	if (place.init > 0)
		waitpid(place.init, NULL, __WALL);
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
			check(im, &f);
	}
	return send(im->sock, &f, sizeof f, MSG_NOSIGNAL) == (ssize_t)sizeof f ? 0 : 1;
}

static int execute(struct image *im, struct fault *f)
{
	return fault_set(f, "execve", NS_KINDS, im->target.path,
			 target_execute(&im->target, environ));
}

/* It ends with its parent: nobody else knows of it. */
static int be_born(void *arg)
{
	struct program *p = arg;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (p->ignores)
		signal(SIGCHLD, SIG_IGN);
	for (int which = ITIMER_REAL; which <= ITIMER_PROF; which++)
		setitimer(which, &p->timer[which], NULL);
	if (!enter_born(p->entry, p->image->trace, p->fault)) {
		sys_unblock(p->mask);
		execute(p->image, p->fault);
	}
	_exit(127);
}

/* The program as a child of this process, which becomes its monitor; -1 with a fault. */
static int start_program(struct image *im, struct entry *e, struct report *r, int log)
{
	char stack[PLACE_STACK] __attribute__((aligned(16)));
	struct place place;
	uint64_t mask;
	static const struct itimerval never;
	struct program p = { .image = im, .entry = e, .fault = &r->fault, .mask = &mask };
	pid_t pid;

	if (place_prepare(&place, stack, e, true, &r->fault))
		return -1;
	report_entered(r, e->plan, e->left, &im->log);
	r->powerless = im->powerless;
	report_write(r, &im->log, log);
	sys_block(&mask);
	/* Ignored, it would take the program's status along. */
	p.ignores = signal(SIGCHLD, SIG_DFL) == SIG_IGN;
	for (int which = ITIMER_REAL; which <= ITIMER_PROF; which++)
		setitimer(which, &never, &p.timer[which]);
	r->fault.op[0] = '\0';
	pid = place_child(&place, be_born, &p, 0, false);
	if (pid < 0)
		return fault_set(&r->fault, "clone", NS_PID, NULL, errno);
	if (r->fault.op[0] || place_begun(&place, e, &r->fault))
		return -1;
	place_stay(&place);
	profile_free(im->profile);
	monitor(&place, pid);
}

static int enter_main(struct image *im)
{
	struct report r = { .later = false };
	int log = log_open(&im->log, LOG_ERROR);
	struct entry e;
	struct plan plan;

	if (!enter_rule(im, &e, &plan, log, &r.fault)) {
		if (plan.moves_pid) {
			start_program(im, &e, &r, log);
		} else {
			report_entered(&r, &plan, e.left, &im->log);
			r.powerless = im->powerless;
			report_write(&r, &im->log, log);
			entry_close(&e);
			execute(im, &r.fault);
		}
	}
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

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[REEXEC_MODE] : "";

	if (argc == 2 && !strcmp(mode, "--version"))
		return puts("nsshim " VERSION) < 0;
	if (argc == 2 && !strcmp(mode, "--help"))
		return fputs(usage, stdout) < 0;
	if (argc == 2 && !strcmp(mode, "list"))
		return roll_list();
	if (argc == 3 && !strcmp(mode, "drop"))
		return roll_drop(argv[2]);
	if (argc == 7 && !strcmp(mode, "--hold"))
		return holder_main(argv + 2);
	if (argc == 7 && !strcmp(mode, "--pool"))
		return pool_main(argv + 2);
	if (argc == 6 && !strcmp(mode, "--map"))
		return mapper_main(argv + 2);
	if (argc >= REEXEC_ARGV && (!strcmp(mode, "--enter") || !strcmp(mode, "--try")))
		return image_main(argv);
	fputs(usage, stderr);
	return EXIT_PROFILE;
}

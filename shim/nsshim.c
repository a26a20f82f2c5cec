#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "shim/enter.h"
#include "shim/interp.h"
#include "shim/holder.h"
#include "shim/mapper.h"
#include "shim/pool.h"
#include "shim/reexec.h"
#include "shim/report.h"
#include "shim/reread.h"
#include "shim/resolve.h"
#include "shim/roll.h"

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
	bool powerless; /* as in struct report */
};

static int enter_rule(struct image *im, struct entry *e, struct plan *plan, int trace,
		      struct fault *f)
{
	static char self[PATH_MAX];
	static struct asked asked; /* the plan is used after this returns */
	static struct home home;
	struct profile *whole;
	const struct rule *rule = reread(im->arg[REEXEC_PROFILE], im->arg[REEXEC_RULE], &whole, f);
	struct creds creds;
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	if (!rule)
		return -1;
	self[n < 0 ? 0 : n] = '\0';
	home = (struct home){ self, im->arg[REEXEC_PROFILE], im->arg[REEXEC_PLACE] };
	enter_creds(&creds);
	rule = resolve(rule, &creds, home.place, &asked, f);
	if (!rule)
		return -1;
	plan_build(plan, rule, &creds, PLAN_SPAWN);
	im->powerless =
		im->log.level >= LOG_INFO && plan->creates_user && target_has_power(&im->target);
	return enter(e, plan, &home, im->log.level == LOG_DEBUG ? trace : -1, f);
}

/* Answers with what came of it, and of the target where that can only be seen inside. */
static int try_main(struct image *im)
{
	struct fault f = { 0 };
	struct entry e;
	struct plan plan;

	if (!enter_rule(im, &e, &plan, -1, &f)) {
		memset(&f, 0, sizeof f);
		f.err = target_check(&im->target, false);
		if (!f.err)
			f.err = interp_check(&im->target, strchr(im->arg[REEXEC_OPTIONS], 'k'));
	}
	return send(im->sock, &f, sizeof f, MSG_NOSIGNAL) == (ssize_t)sizeof f ? 0 : 1;
}

static int enter_main(struct image *im)
{
	struct report r = { .later = false };
	int log = log_open(&im->log, LOG_ERROR);
	struct entry e;
	struct plan plan;

	r.what = REPORT_FAILED;
	if (!enter_rule(im, &e, &plan, log, &r.fault)) {
		report_entered(&r, &plan, e.left, &im->log);
		r.powerless = im->powerless;
		report_write(&r, &im->log, log);
		entry_close(&e);
		r.what = REPORT_FAILED;
		fault_set(&r.fault, "execve", NS_KINDS, im->target.path,
			  target_execute(&im->target, environ));
	}
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

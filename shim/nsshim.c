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
#include "shim/mapper.h"
#include "shim/reexec.h"
#include "shim/report.h"
#include "shim/sys.h"

/*
 * The helper image. Its three modes are the library's own, and no interface: it enters in the
 * place of a process that cannot (--enter), tries that out (--try), and writes id maps (--map).
 */

extern char **environ;

static const char usage[] =
	"usage: nsshim --help | --version\n"
	"The helper image of libnsshim.so, which starts it where it is needed:\n"
	"  LD_PRELOAD=libnsshim.so PROGRAM [ARG...]\n"
	"See nsshim(5) for profiles, libnsshim(7) for the library.\n";

struct image {
	char **arg; /* of enum reexec_arg */
	int sock;   /* of a trial; -1 */
	struct log log;
	struct profile *profile;
	const struct rule *rule;
};

static void keep_first(void *ctx, const struct fault *f)
{
	struct fault *first = ctx;

	if (!first->op[0])
		*first = *f;
}

/* The file is read anew, as by every process: the rule may have gone since. */
static int find_rule(struct image *im, struct fault *f)
{
	const char *value = im->arg[REEXEC_PROFILE];
	struct source src = { value[0] == '/' ? SOURCE_FILE
			      : value[0]      ? SOURCE_INLINE
					      : SOURCE_BUILTIN,
			      value };

	f->op[0] = '\0';
	im->profile = profile_load(&src, sys_trusted_uid(), keep_first, f);
	if (!im->profile)
		return -1;
	im->rule = profile_rule(im->profile, im->arg[REEXEC_RULE]);
	if (im->rule)
		return 0;
	fault_set(f, "find rule", NS_KINDS, im->arg[REEXEC_RULE], ENOENT);
	fault_why(f, "it has gone from the profile in this moment");
	return -1;
}

static int enter_rule(struct image *im, struct entry *e, struct plan *plan, int trace,
		      struct fault *f)
{
	static char self[PATH_MAX];
	struct creds creds;
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	self[n < 0 ? 0 : n] = '\0';
	enter_creds(&creds);
	plan_build(plan, im->rule, &creds, PLAN_SPAWN);
	return enter(e, plan, self, im->log.level == LOG_DEBUG ? trace : -1, f);
}

/* Answers with what came of it, and of the target where that can only be seen inside. */
static int try_main(struct image *im)
{
	struct fault f = { 0 };
	struct entry e;
	struct plan plan;

	if (!find_rule(im, &f) && !enter_rule(im, &e, &plan, -1, &f)) {
		memset(&f, 0, sizeof f);
		if (sys_may_execute(atoi(im->arg[REEXEC_DIRFD]), im->arg[REEXEC_PATH],
				    atoi(im->arg[REEXEC_FLAGS]) &
					    (AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW)))
			f.err = errno;
	}
	return send(im->sock, &f, sizeof f, MSG_NOSIGNAL) == (ssize_t)sizeof f ? 0 : 1;
}

/* As libc's execvp does with a file of no format that the kernel knows. */
static void by_shell(char **arg, char **argv)
{
	size_t n = 0;

	while (argv[n])
		n++;
	/* There is room: the arguments of this image stand before them. */
	argv[0] = arg[REEXEC_PATH];
	if (!n)
		argv[1] = NULL;
	argv[-1] = (char *)"/bin/sh";
	execve("/bin/sh", argv - 1, environ);
}

static int enter_main(struct image *im)
{
	char **argv = im->arg + REEXEC_ARGV;
	int dirfd = atoi(im->arg[REEXEC_DIRFD]);
	int flags = atoi(im->arg[REEXEC_FLAGS]);
	struct report r = { .later = false };
	struct entry e;
	struct plan plan;
	int log;

	log = log_open(&im->log, LOG_ERROR);
	r.what = REPORT_FAILED;
	if (find_rule(im, &r.fault) || enter_rule(im, &e, &plan, log, &r.fault)) {
		report_write(&r, &im->log, log);
		return EXIT_ENTRY;
	}
	report_entered(&r, &plan, e.left, &im->log);
	report_write(&r, &im->log, log);
	entry_close(&e);
	if (strchr(im->arg[REEXEC_OPTIONS], 'k'))
		fcntl(dirfd, F_SETFD, FD_CLOEXEC);
	/* execveat only where it is needed: old filters do not know it. */
	if (dirfd == AT_FDCWD && !flags)
		execve(im->arg[REEXEC_PATH], argv, environ);
	else
		sys_execveat(dirfd, im->arg[REEXEC_PATH], argv, environ, flags);
	if (errno == ENOEXEC && strchr(im->arg[REEXEC_OPTIONS], 's'))
		by_shell(im->arg, argv);
	r.what = REPORT_FAILED;
	fault_set(&r.fault, "execve", NS_KINDS, im->arg[REEXEC_PATH], errno);
	fault_in(&r.fault, im->arg[REEXEC_RULE]);
	report_write(&r, &im->log, log);
	return EXIT_ENTRY;
}

int main(int argc, char **argv)
{
	struct image im = { .arg = argv, .sock = -1 };
	const char *mode = argc > 1 ? argv[REEXEC_MODE] : "";

	if (argc == 2 && !strcmp(mode, "--version"))
		return puts("nsshim " VERSION) < 0;
	if (argc == 2 && !strcmp(mode, "--help"))
		return fputs(usage, stdout) < 0;
	if (argc == 6 && !strcmp(mode, "--map"))
		return mapper_main(argv + 2);
	if (argc >= REEXEC_ARGV && (!strcmp(mode, "--enter") || !strcmp(mode, "--try"))) {
		log_parse(&im.log, argv[REEXEC_LOG]);
		if (mode[2] == 'e')
			return enter_main(&im);
		im.sock = atoi(argv[REEXEC_SOCK]);
		fcntl(im.sock, F_SETFD, FD_CLOEXEC);
		return try_main(&im);
	}
	fputs(usage, stderr);
	return EXIT_PROFILE;
}

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "shim/command/choice.h"
#include "shim/command/command.h"
#include "shim/command/out.h"
#include "shim/command/request.h"
#include "shim/command/subject.h"
#include "shim/image.h"
#include "shim/report.h"
#include "shim/state.h"

static const char help[] =
	"usage: nsshim exec [-p PROFILE] [-e KEY=VALUE]... [--] PROGRAM [ARGUMENT]...\n"
	"\n"
	"Enters the namespaces of the rule that fits the program, and executes it: it\n"
	"is inside itself, also where it is statically linked, and has no trace of\n"
	"nsshim.\n"
	"\n" CHOICE_HELP "  -h, --help             this\n"
	"\n"
	"Exit status: that of the program; 125 nsshim, the profile or the entry, 126\n"
	"it cannot be executed, 127 there is no such program.\n"
	"\n"
	"  nsshim exec -e net=new ip addr\n"
	"  nsshim exec -e join=pidfile:/run/web.pid sh\n";

/* The rule, which is one that has the program itself inside; null, and it has been told. */
static const struct rule *rule_for(const struct profile *p, const struct choice *c,
				   const struct subject_of *s)
{
	const char *profile = c->value && *c->value ? c->value : "default";
	struct fault f;
	const struct rule *rule = subject_rule(p, s, &f);

	if (!rule && f.op[0])
		out_fault(&f);
	else if (!rule)
		out_refuse("exec",
			   "no rule of %s fits %s, or the one that does asks for nothing: see "
			   "nsshim explain",
			   profile, s->target.path);
	else if (rule->when == WHEN_FORK)
		out_refuse("exec",
			   "[%s] is for the children of %s (when = fork), not for itself: see "
			   "nsshim run",
			   rule->name, s->target.path);
	else
		return rule;
	return NULL;
}

static int execute(const struct choice *c, const struct rule *rule, const struct subject_of *s)
{
	struct request r;
	struct fault f;
	struct report report = { .what = REPORT_FAILED };

	request_make(&r, c, rule, s);
	if (rule->go_on && image_try(r.arg, &f) && f.op[0]) {
		report.fault = f;
		report_went_on(&report);
		report_say(&report, &r.log);
		return image_outside(r.arg);
	}
	return image_exec(r.arg);
}

int command_exec(int argc, char **argv)
{
	struct choice c = { 0 };
	struct subject_of s;
	const struct rule *rule;
	struct profile *p;
	struct log log;
	int status;

	if (!choice_program(&c, argc, argv, help, &status))
		return status;
	if (!log_parse(&log, getenv("NSSHIM_LOG")))
		return out_refuse("exec",
				  "NSSHIM_LOG: off, error, info or debug, or one of them, a "
				  "colon and a path");
	if (choice_make(&c, "exec"))
		return EXIT_PROFILE;
	p = choice_load(&c);
	if (!p)
		return EXIT_PROFILE;
	subject_find(&s, argv + optind);
	rule = rule_for(p, &c, &s);
	return rule ? execute(&c, rule, &s) : EXIT_PROFILE;
}

#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "shim/command/checkup.h"
#include "shim/command/choice.h"
#include "shim/command/command.h"
#include "shim/command/install.h"
#include "shim/command/option.h"
#include "shim/command/out.h"
#include "shim/command/request.h"
#include "shim/image.h"
#include "shim/state.h"

static const char help[] =
	"usage: nsshim doctor [-p PROFILE] [-e KEY=VALUE]... [--json]\n"
	"\n"
	"Looks at what this machine and this user have of all that an entry may need,\n"
	"and tells what helps, as commands to paste; then tries an entry by each rule\n"
	"of the profile.\n"
	"\n" CHOICE_HELP "  -j, --json             the same as an array of objects\n"
	"  -h, --help             this\n"
	"\n"
	"Exit status: 0; 1 there is no library, or a rule of the profile could not be\n"
	"entered; 125 nsshim, or the profile.\n";

static const struct option_row rows[] = { CHOICE_OPTIONS,
					  { "json", 'j', OPTION_PLAIN },
					  OPTION_HELP };

/* True: `nsshim run` can be. */
static bool look_at_library(json_t *all)
{
	char path[PATH_MAX], remedy[PATH_MAX + 10];

	if (!install_find(path)) {
		checkup_find(all, "library", CHECKUP_BAD, true,
			     access("/proc/self", F_OK) ? NULL : "make install", "%s",
			     install_missing());
		return false;
	} else if (access(path, X_OK)) {
		snprintf(remedy, sizeof remedy, "chmod +x %s", path);
		checkup_find(all, "library", CHECKUP_LACKS, true, remedy,
			     "%s is not executable: pid = new needs that", path);
	} else {
		checkup_find(all, "library", CHECKUP_GOOD, false, NULL, "%s", path);
	}
	return true;
}

/* The whole entry, by a program that is there wherever this command is. True: it works. */
static bool try_rule(json_t *all, const struct choice *c, const struct rule *r)
{
	char self[PATH_MAX] = "/proc/self/exe", name[80], line[FAULT_TEXT];
	char *argv[] = { self, NULL };
	struct subject_of s = { .found = true };
	struct request request;
	struct fault f;

	snprintf(name, sizeof name, "[%s]", r->name);
	if (r->share.name || r->pool) {
		checkup_find(all, name, CHECKUP_GOOD, false, NULL,
			     "not tried: it would make a set of namespaces");
		return true;
	}
	s.target = (struct target){ .dirfd = -100, .path = self, .argv = argv };
	request_make(&request, c, r, &s);
	if (image_try(request.arg, &f) && f.op[0]) {
		line[fault_text(&f, line, sizeof line) - 1] = '\0';
		checkup_find(all, name, CHECKUP_BAD, false, NULL, "%s", line);
		return false;
	}
	checkup_find(all, name, CHECKUP_GOOD, false, NULL, "can be entered");
	return true;
}

static bool try_rules(json_t *all, const struct choice *c, const struct profile *p)
{
	bool works = true;

	for (const struct rule *r = p->rule; r < p->rule + p->rules; r++)
		if (!r->template && !rule_is_empty(r))
			works &= try_rule(all, c, r);
	return works;
}

static void print_one(const json_t *one)
{
	static const char marks[2][3][8] = {
		{ "ok", "-", "NO" },
		{ "\xe2\x9c\x93", "\xe2\x80\x93", "\xe2\x9c\x97" },
	};
	static const char colours[][6] = { "\033[32m", "\033[33m", "\033[31m" };
	const char *state = json_said(one, "state"), *remedy = json_said(one, "remedy");
	enum checkup as = state[0] == 'g'   ? CHECKUP_GOOD
			  : state[0] == 'l' ? CHECKUP_LACKS
					    : CHECKUP_BAD;
	bool colour = out_colours();

	printf("%s%-2s%s %-13s %s\n", colour ? colours[as] : "", marks[out_utf8()][as],
	       colour ? "\033[m" : "", json_said(one, "name"), json_said(one, "what"));
	if (remedy[0])
		printf("                     %s\n", remedy);
}

int command_doctor(int argc, char **argv)
{
	const struct options o = { rows, sizeof rows / sizeof *rows, true, help };
	struct choice c = { 0 };
	json_t *all = json_array();
	struct profile *p;
	int letter, status;
	bool json = false;

	while ((letter = option_next(argc, argv, &o, &status)) != OPTION_END) {
		if (letter == OPTION_DONE)
			return status;
		json |= letter == 'j';
		choice_option(&c, letter, optarg);
	}
	if (optind != argc)
		return option_misused("doctor", &o, "it takes no argument: -p PROFILE?");
	p = choice_make(&c, "doctor") ? NULL : choice_load(&c);
	if (!p)
		return EXIT_PROFILE;
	checkup(all);
	status = look_at_library(all) ? 0 : 1;
	status |= try_rules(all, &c, p) ? 0 : 1;
	if (json)
		return json_end(all, status);
	json_plain(all);
	for (size_t i = 0; i < json_array_size(all); i++)
		print_one(json_array_get(all, i));
	json_decref(all);
	return out_end(status);
}

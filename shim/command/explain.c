#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/command/choice.h"
#include "shim/command/command.h"
#include "shim/command/inside.h"
#include "shim/command/needs.h"
#include "shim/command/option.h"
#include "shim/command/out.h"
#include "shim/command/reasons.h"
#include "shim/command/request.h"
#include "shim/command/story.h"
#include "shim/caps.h"
#include "shim/enter.h"
#include "shim/resolve.h"
#include "shim/state.h"
#include "shim/trace.h"

static const char help[] =
	"usage: nsshim explain [-j] [-p PROFILE] [-e KEY=VALUE]... [--] PROGRAM\n"
	"                      [ARGUMENT]...\n"
	"\n"
	"Tells what would come of the program, were it started by a wrapped one, and\n"
	"executes nothing: which rule fits, and why those before it do not; the steps\n"
	"of the entry, with the capabilities that each needs; and what the program\n"
	"would see. One that is not there is explained by its name.\n"
	"\n" CHOICE_HELP "  -j, --json             the same as an object\n"
	"  -h, --help             this\n"
	"\n"
	"Exit status: 0; 1 a capability or something else is missing, so that the\n"
	"entry would fail; 125 nsshim, or the profile.\n";

static const struct option_row rows[] = { CHOICE_OPTIONS,
					  { "json", 'j', OPTION_PLAIN },
					  OPTION_HELP };

/* What a step or an item needs, into its object; *ready: it is there. */
static void put_needs(json_t *to, const struct needs *n, bool *ready)
{
	static const char words[][8] = {
		[NEEDS_NONE] = "nothing",    [NEEDS_HERE] = "here", [NEEDS_INSIDE] = "inside",
		[NEEDS_MISSING] = "missing", [NEEDS_HELP] = "help",
	};
	json_t *caps = json_array();
	char name[32];

	for (unsigned i = 0; i < n->caps; i++)
		json_add(caps, json_text(caps_name(n->cap[i], name, sizeof name)));
	json_put(to, "needs", caps);
	json_put(to, "has", json_text(words[n->have]));
	json_put(to, "note", json_text(n->note[0] ? n->note : NULL));
	if (n->have == NEEDS_MISSING)
		*ready = false;
}

static json_t *item_of(const struct plan *p, unsigned step, const struct item *it, bool *ready)
{
	json_t *one = json_object();
	struct needs n;

	json_put(one, "line", json_integer(it->line));
	json_put(one, "key", json_text(item_row[it->op].name));
	json_put(one, "value", json_text(it->text));
	needs_item(&n, p, step, it);
	put_needs(one, &n, ready);
	return one;
}

static json_t *items_of(const struct plan *p, unsigned step, enum item_phase phase, bool *ready)
{
	json_t *all = json_array();

	for (const struct item *it = p->rule->item[phase]; it; it = it->next)
		json_add(all, item_of(p, step, it, ready));
	return all;
}

static json_t *steps_of(const struct plan *p, bool *ready)
{
	json_t *all = json_array();
	char what[4200];
	struct needs n;

	for (unsigned i = 0; i < p->count; i++) {
		json_t *one = json_object();
		struct text t = text_in(what, sizeof what);

		trace_step(&t, &p->step[i]);
		json_put(one, "what", json_text(what));
		needs_step(&n, p, i);
		put_needs(one, &n, ready);
		json_put(one, "items",
			 p->step[i].op == STEP_ITEMS ? items_of(p, i, p->step[i].phase, ready)
						     : json_array());
		json_add(all, one);
	}
	return all;
}

static const char *fallback_words(const struct rule *r, const struct creds *c, const struct plan *p)
{
	bool asks = false;

	for (unsigned i = 0; i < r->kinds; i++)
		asks |= r->ns[i].kind == NS_USER;
	if (asks)
		return "the rule has a user namespace of its own";
	if (p->creates_user)
		return "CAP_SYS_ADMIN is missing: a user namespace is created first";
	if (c->admin)
		return "not needed: CAP_SYS_ADMIN is there";
	return r->fallback ? "not needed: nothing is created"
			   : "none: without CAP_SYS_ADMIN it fails";
}

static enum plan_for door_of(const struct rule *r)
{
	return r->when == WHEN_LOAD ? PLAN_LOAD : r->when == WHEN_FORK ? PLAN_FORK : PLAN_EXEC;
}

/* The entry of the rule, by who asks. */
static void put_entry(json_t *to, const struct rule *rule, bool *ready)
{
	static const char when[][5] = { "exec", "load", "fork" };
	char place[PATH_MAX], line[FAULT_TEXT];
	struct asked asked;
	struct creds creds;
	struct plan plan;
	struct fault f;
	const struct rule *now;

	json_put(to, "when", json_text(when[rule->when]));
	json_put(to, "on_error", json_text(rule->go_on ? "continue" : "fail"));
	request_place(place);
	enter_creds(&creds);
	now = resolve(rule, &creds, place, &asked, &f);
	if (!now) {
		line[fault_text(&f, line, sizeof line) - 1] = '\0';
		json_put(to, "fault", json_text(line));
		*ready = false;
		return;
	}
	plan_build(&plan, now, &creds, door_of(rule));
	json_put(to, "fallback", json_text(fallback_words(rule, &creds, &plan)));
	json_put(to, "steps", steps_of(&plan, ready));
	json_put(to, "given", items_of(&plan, 0, PHASE_EXEC, ready));
	json_put(to, "inside", inside_of(&plan));
}

static const char *profile_words(const struct choice *c)
{
	return c->source.kind == SOURCE_BUILTIN ? NULL : c->source.text;
}

static json_t *tell(const struct choice *c, const struct profile *p, char **argv, bool *ready)
{
	/* They are null where there is no entry, or none can be planned. */
	static const char of_entry[][9] = { "when",  "on_error", "fault", "fallback",
					    "steps", "given",	 "inside" };
	json_t *all = json_object();
	struct subject_of s;
	const struct rule *rule;
	struct fault f;
	bool fits;

	subject_find(&s, argv);
	rule = subject_rule(p, &s, &f);
	json_put(all, "program", json_text(s.target.path));
	json_put(all, "found", json_boolean(s.found));
	json_put(all, "error",
		 json_text(s.found	     ? NULL
			   : s.err == ENOENT ? "there is no such program"
					     : strerror(s.err)));
	json_put(all, "profile", json_text(profile_words(c)));
	json_put(all, "rules", reasons_of(p, &s, &fits));
	json_put(all, "rule", json_text(rule ? rule->name : NULL));
	*ready = true;
	if (rule)
		put_entry(all, rule, ready);
	for (size_t i = 0; i < sizeof of_entry / sizeof *of_entry; i++)
		if (!json_object_get(all, of_entry[i]))
			json_put(all, of_entry[i], json_null());
	json_put(all, "enters", json_boolean(rule && *ready));
	return all;
}

int command_explain(int argc, char **argv)
{
	const struct options o = { rows, sizeof rows / sizeof *rows, false, help };
	struct choice c = { 0 };
	struct profile *p;
	int letter, status;
	bool json = false, ready;
	json_t *all;

	while ((letter = option_next(argc, argv, &o, &status)) != OPTION_END) {
		if (letter == OPTION_DONE)
			return status;
		json |= letter == 'j';
		choice_option(&c, letter, optarg);
	}
	if (optind == argc)
		return option_misused("explain", &o, "which program?");
	p = choice_make(&c, "explain") ? NULL : choice_load(&c);
	if (!p)
		return EXIT_PROFILE;
	all = tell(&c, p, argv + optind, &ready);
	if (json)
		return json_end(all, ready ? 0 : 1);
	json_plain(all);
	story_print(all);
	json_decref(all);
	return out_end(ready ? 0 : 1);
}

#include <stdio.h>
#include <string.h>

#include "conf/ns.h"
#include "shim/command/out.h"
#include "shim/command/story.h"

enum { RULES = 20 /* that do not fit, and are shown one by one */, COLUMN = 52 };

static void head(const char *name)
{
	printf(out_colours() ? "\033[1m%-9s\033[m " : "%-9s ", name);
}

static void print_rules(const json_t *all)
{
	size_t count = json_array_size(all), left = count > RULES ? count - RULES : 0;

	for (size_t i = 0; i < count; i++) {
		const json_t *r = json_array_get(all, i);
		bool fits = json_is_true(json_object_get(r, "fits"));

		if (i >= RULES / 2 && i < RULES / 2 + left && !fits) {
			if (i == RULES / 2)
				printf("%10s%zu more that do not fit\n", "", left);
			continue;
		}
		head(i ? "" : "rules");
		printf("[%s] line %lld %s: %s\n", json_said(r, "name"), json_number(r, "line"),
		       fits ? "fits" : "does not fit", json_said(r, "why"));
	}
}

static bool needs_nothing(const json_t *of)
{
	return !json_array_size(json_object_get(of, "needs")) && !json_said(of, "note")[0];
}

/* What it needs, and whether that is there. */
static void print_needs(const json_t *of)
{
	const json_t *caps = json_object_get(of, "needs");
	const char *has = json_said(of, "has"), *note = json_said(of, "note");
	bool missing = !strcmp(has, "missing");

	for (size_t i = 0; i < json_array_size(caps); i++)
		printf("%s%s", i ? ", " : "  needs ", json_string_value(json_array_get(caps, i)));
	if (missing && out_colours())
		fputs("\033[31m", stdout);
	if (!strcmp(has, "here"))
		fputs(": there", stdout);
	else if (!strcmp(has, "inside"))
		fputs(": of the user namespace", stdout);
	else if (missing)
		fputs(json_array_size(caps) ? ": MISSING" : "  MISSING", stdout);
	if (note[0])
		printf("%s %s", missing ? "," : ":", note);
	if (missing && out_colours())
		fputs("\033[m", stdout);
	putchar('\n');
}

static void print_item(const json_t *it)
{
	char words[4096];

	snprintf(words, sizeof words, "line %lld: %s = %s", json_number(it, "line"),
		 json_said(it, "key"), json_said(it, "value"));
	printf("%17s%-*s", "", needs_nothing(it) ? 0 : COLUMN - 2, words);
	print_needs(it);
}

static void print_steps(const json_t *all)
{
	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *s = json_array_get(all, i), *items = json_object_get(s, "items");

		head(i ? "" : "steps");
		printf("%3zu  %-*s", i + 1, needs_nothing(s) ? 0 : COLUMN, json_said(s, "what"));
		print_needs(s);
		for (size_t j = 0; j < json_array_size(items); j++)
			print_item(json_array_get(items, j));
	}
}

static void print_given(const json_t *all)
{
	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *it = json_array_get(all, i);

		head(i ? "" : "given");
		printf("line %lld: %s = %s\n", json_number(it, "line"), json_said(it, "key"),
		       json_said(it, "value"));
	}
}

static void print_inside(const json_t *in)
{
	head("inside");
	for (enum ns_kind k = 0; k < NS_KINDS; k++)
		if (strcmp(json_said(in, ns_table[k].name), "host") != 0)
			printf("%-8s %s\n%10s", ns_table[k].name, json_said(in, ns_table[k].name),
			       "");
	printf("%-8s %s\n%10s%-8s %s\n", "uid", json_said(in, "uid"), "", "gid",
	       json_said(in, "gid"));
	if (json_said(in, "cwd")[0])
		printf("%10s%-8s %s\n", "", "cwd", json_said(in, "cwd"));
	fputs("          and of all else what it has outside\n", stdout);
}

static void print_entry(const json_t *all)
{
	const char *when = json_said(all, "when");

	head("entry");
	printf("[%s], %s%s\n", json_said(all, "rule"),
	       !strcmp(when, "exec")   ? "at its exec"
	       : !strcmp(when, "load") ? "when it is loaded (when = load)"
				       : "not itself, but each child (when = fork)",
	       !strcmp(json_said(all, "on_error"), "continue")
		       ? "; where that fails, it is executed outside"
		       : "");
	if (json_said(all, "fault")[0]) {
		head("fails");
		printf("%s\n", json_said(all, "fault"));
		return;
	}
	head("fallback");
	printf("%s\n", json_said(all, "fallback"));
	print_steps(json_object_get(all, "steps"));
	print_given(json_object_get(all, "given"));
	print_inside(json_object_get(all, "inside"));
}

void story_print(const json_t *all)
{
	const char *error = json_said(all, "error");
	size_t rules = json_array_size(json_object_get(all, "rules"));

	head("program");
	printf("%s%s%s%s\n", json_said(all, "program"), *error ? " (" : "", error,
	       *error ? ": by its name)" : "");
	head("profile");
	printf("%s\n", json_is_null(json_object_get(all, "profile")) ? "the built-in one"
								     : json_said(all, "profile"));
	print_rules(json_object_get(all, "rules"));
	if (json_is_string(json_object_get(all, "rule"))) {
		print_entry(all);
		return;
	}
	head("entry");
	printf("none: %s. It is executed as ever, and what it starts is looked at in its turn\n",
	       !rules ? "there is no rule"
	       : json_is_true(json_object_get(
			 json_array_get(json_object_get(all, "rules"), rules - 1), "fits"))
		       ? "the rule asks for nothing"
		       : "no rule fits");
}

#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "shim/choose.h"
#include "shim/command/reasons.h"
#include "shim/condition.h"

/* As it is written in a profile. */
static void condition_words(char *words, size_t size, const struct condition *c)
{
	switch (c->kind) {
	case IF_UID:
		snprintf(words, size, "uid:%u", c->number);
		break;
	case IF_ENV:
		snprintf(words, size, "env:%s%s%s", c->name, c->text ? "=" : "",
			 c->text ? c->text : "");
		break;
	case IF_PARENT:
		snprintf(words, size, "parent:%s", c->text);
		break;
	case IF_ARG:
		snprintf(words, size, "arg:%u=%s", c->number, c->text);
		break;
	case IF_TTY:
		snprintf(words, size, "tty");
		break;
	case IF_NOT_ROOT:
		snprintf(words, size, "not-root");
		break;
	}
}

/* The subject's parent is this command's, as in subject_rule(). */
static bool look_at(const struct rule *r, const struct subject_of *s, char *why, size_t size)
{
	const char *pattern;
	enum verdict v = choose_verdict(r, &s->target, true, &pattern);
	char words[300] = "";
	const struct condition *missed;

	switch (v) {
	case VERDICT_FITS:
		snprintf(why, size,
			 pattern ? "match = %s" : "it has no match, and fits every program",
			 pattern);
		break;
	case VERDICT_TEMPLATE:
		snprintf(why, size, "a template fits no program");
		break;
	case VERDICT_MATCH:
		snprintf(why, size, "no match of it fits");
		break;
	case VERDICT_EXCEPT:
		snprintf(why, size, "except = %s", pattern);
		break;
	case VERDICT_CONDITION:
		missed = condition_missed(r, &s->target, true);
		if (missed)
			condition_words(words, sizeof words, missed);
		snprintf(why, size, "only_if = %s does not hold", words);
		break;
	}
	return v == VERDICT_FITS;
}

json_t *reasons_of(const struct profile *p, const struct subject_of *s, bool *fits)
{
	json_t *all = json_array();
	char why[400];

	*fits = false;
	for (const struct rule *r = p->rule; r < p->rule + p->rules && !*fits; r++) {
		json_t *one = json_object();

		*fits = look_at(r, s, why, sizeof why);
		json_put(one, "name", json_text(r->name));
		json_put(one, "file", json_text(r->file));
		json_put(one, "line", json_integer(r->line));
		json_put(one, "fits", json_boolean(*fits));
		json_put(one, "why", json_text(why));
		json_add(all, one);
	}
	return all;
}

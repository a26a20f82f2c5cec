#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conf/mounts.h"
#include "conf/pattern.h"
#include "shim/command/lines.h"
#include "shim/command/lint.h"
#include "shim/command/shadow.h"
#include "shim/enter.h"
#include "shim/mapper.h"
#include "shim/plan.h"

struct lint {
	const char *text;
	profile_say *say;
	void *ctx;
};

static void warn(const struct lint *l, const struct rule *r, const char *key, const char *value,
		 const char *why)
{
	struct fault f;

	fault_at(&f, r->file, lines_find(r, l->text, key, value), key, why);
	l->say(l->ctx, &f);
}

static void look_at_order(const struct lint *l, const struct shadow *s, const struct rule *r)
{
	const struct rule *b = r->template || !s ? NULL : shadow_of(s, r);
	struct fault f;
	char op[60], why[160];

	if (!b)
		return;
	snprintf(op, sizeof op, "[%s]", r->name);
	snprintf(why, sizeof why, "never fits: [%s], line %d, before it fits %s", b->name, b->line,
		 *b->match ? "all that it does" : "every program");
	fault_at(&f, r->file, r->line, op, why);
	l->say(l->ctx, &f);
}

static void look_for(const struct lint *l, const struct rule *r, const char *key, const char *value,
		     const char *path, const char *what)
{
	char why[300];

	if (!path || !access(path, F_OK) || errno == EACCES)
		return;
	snprintf(why, sizeof why, "%s is not there%s", path, what);
	warn(l, r, key, value, why);
}

static bool has_other_files(const struct rule *r)
{
	bool other = rule_joins_process(r) || r->item[PHASE_FILES];

	for (unsigned i = 0; i < r->kinds; i++)
		other |= r->ns[i].kind == NS_MNT && r->ns[i].mode != NS_NEW;
	return other;
}

/* What others before it have mounted may have it, unless it is that of outside. */
static void look_at_sources(const struct lint *l, const struct rule *r)
{
	const struct item *first = r->item[PHASE_FILES];
	bool outside = rule_item(r, ITEM_ROOT);

	for (const struct item *it = first; it; it = it->next)
		if (it->op == ITEM_BIND && !(it->flags & MOUNT_OPTIONAL) &&
		    it->word[MOUNT_SRC][0] == '/' && (outside || it == first))
			look_for(l, r, item_row[it->op].name, it->text, it->word[MOUNT_SRC], "");
}

static void look_at_paths(const struct lint *l, const struct rule *r)
{
	for (const char *const *m = r->match; *m; m++)
		if (**m == '/' && pattern_literal(*m))
			look_for(l, r, "match", *m, *m, "");
	for (unsigned i = 0; i < r->kinds; i++) {
		const struct ns_spec *n = &r->ns[i];

		if (n->mode == NS_NETNS)
			look_for(l, r, ns_table[n->kind].name, NULL, n->path,
				 ": ip netns add makes it");
		else if (n->mode != NS_NEW)
			look_for(l, r, ns_table[n->kind].name, NULL, n->path, "");
	}
	look_for(l, r, "join", NULL, r->join.pidfile, ", nor is the process then");
	for (const struct item *it = r->item[PHASE_HOST]; it; it = it->next)
		if (it->op == ITEM_CGROUP)
			look_for(l, r, item_row[it->op].name, NULL, it->text, "");
	for (const struct item *it = r->item[PHASE_FILTERS]; it; it = it->next)
		if (it->op == ITEM_SECCOMP && it->text[0] == '/')
			look_for(l, r, item_row[it->op].name, it->text, it->text, "");
	look_at_sources(l, r);
	if (has_other_files(r))
		return;
	look_for(l, r, "cwd", NULL, r->cwd, "");
	for (const struct item *it = r->item[PHASE_POWERS]; it; it = it->next)
		if (it->op == ITEM_LANDLOCK_RO || it->op == ITEM_LANDLOCK_RW)
			look_for(l, r, item_row[it->op].name, it->text, it->text, "");
}

/* Only where a user namespace would be created, by who asks. */
static void look_at_maps(const struct lint *l, const struct rule *r)
{
	struct creds creds;
	struct plan plan;
	struct fault f;
	char why[sizeof f.path + sizeof f.why + 40];

	enter_creds(&creds);
	plan_build(&plan, r, &creds, PLAN_SPAWN);
	if (!plan_has(&plan, STEP_MAPPER) || !mapper_check(r, &f))
		return;
	snprintf(why, sizeof why, "this user cannot have it: %s: %s", f.path, f.why);
	warn(l, r,
	     !strcmp(f.path, "setgroups") ? "setgroups"
	     : strstr(f.path, "gid")	  ? "gid_map"
					  : "uid_map",
	     NULL, why);
}

void lint(const struct profile *p, const char *inline_text, profile_say *say, void *ctx)
{
	struct lint l = { inline_text, say, ctx };
	const struct shadow *s = shadow_list(p);

	for (const struct rule *r = p->rule; r < p->rule + p->rules; r++) {
		look_at_order(&l, s, r);
		look_at_paths(&l, r);
		look_at_maps(&l, r);
	}
}

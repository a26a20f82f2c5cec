#define _GNU_SOURCE
#include <string.h>
#include <sys/stat.h>

#include "shim/resolve.h"
#include "shim/sys.h"

/* Not of what is created; nor of what cannot be looked at: the entry will say why. */
static bool is_own(const struct ns_spec *n)
{
	char path[SYS_NS_PATH];
	struct stat own, other;

	return n->mode != NS_NEW && !stat(sys_ns_path(n->kind, path), &own) &&
	       !stat(n->path, &other) && own.st_dev == other.st_dev && own.st_ino == other.st_ino;
}

/*
 * Only a child can be in another pid namespace than its parent, so a process would have to make
 * one: not where it asks for the one that it is in.
 */
static void leave_own_pid(struct asked *a)
{
	struct rule *rule = &a->rule;

	for (unsigned i = 0; i < rule->kinds; i++)
		if (a->ns[i].kind == NS_PID && is_own(&a->ns[i])) {
			memmove(&a->ns[i], &a->ns[i + 1], (--rule->kinds - i) * sizeof *a->ns);
			return;
		}
}

static bool names(const struct rule *rule, enum ns_kind k)
{
	for (unsigned i = 0; i < rule->kinds; i++)
		if (rule->ns[i].kind == k)
			return true;
	return false;
}

/* Every kind is that of the set, which holds a user namespace where one would be created. */
static const struct rule *of_set(const struct rule *rule, const struct creds *creds,
				 const char *place, struct asked *a, struct fault *f)
{
	bool user = plan_creates_user(rule, creds);

	if (sets_name(a->set, rule, creds, place, f)) {
		fault_in(f, rule->name);
		return NULL;
	}
	a->rule = *rule;
	a->rule.ns = a->ns;
	a->rule.kinds = 0;
	for (enum ns_kind k = 0; k < NS_KINDS; k++)
		if (names(rule, k) || (k == NS_USER && user))
			a->ns[a->rule.kinds++] =
				(struct ns_spec){ .kind = k, .mode = NS_SET, .path = a->set };
	return &a->rule;
}

const struct rule *resolve(const struct rule *rule, const struct creds *creds, const char *place,
			   struct asked *a, struct fault *f)
{
	if (rule->share.name)
		return of_set(rule, creds, place, a, f);
	if (!names(rule, NS_PID))
		return rule;
	a->rule = *rule;
	a->rule.ns = a->ns;
	memcpy(a->ns, rule->ns, rule->kinds * sizeof *a->ns);
	leave_own_pid(a);
	return &a->rule;
}

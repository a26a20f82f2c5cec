#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "shim/inner/netns.h"
#include "shim/process.h"
#include "shim/remedy.h"
#include "shim/resolve.h"
#include "shim/sys.h"

/* Not of what is created; nor of what cannot be looked at: the entry will say why. */
static bool is_own(const struct ns_spec *n)
{
	struct stat other;

	return n->mode != NS_NEW && !stat(n->path, &other) && sys_is_own_ns(n->kind, &other);
}

static const struct ns_spec *spec_of(const struct rule *rule, enum ns_kind k)
{
	for (unsigned i = 0; i < rule->kinds; i++)
		if (rule->ns[i].kind == k)
			return &rule->ns[i];
	return NULL;
}

static void add(struct asked *a, const struct ns_spec *n)
{
	/*
	 * Only a child can be in another pid namespace than its parent, so a process would have to
	 * make one: not where it asks for the one that it is in.
	 */
	if (n->kind != NS_PID || !is_own(n))
		a->ns[a->rule.kinds++] = *n;
}

/* Is the process elsewhere in this kind? -1 and *f: nobody can tell. */
static int differs(const char *path, enum ns_kind k, struct fault *f)
{
	char name[SYS_NS_PATH];
	struct stat own, other;

	if (stat(sys_ns_path(k, name), &own)) {
		/* This kernel has no such kind; mnt each has, so there is no /proc then. */
		if (errno == ENOENT && k != NS_MNT)
			return 0;
		fault_set(f, "stat", k, name, errno);
		fault_why(f, errno == ENOENT ? "needs /proc mounted" : "");
		return -1;
	}
	if (!stat(path, &other))
		return own.st_dev != other.st_dev || own.st_ino != other.st_ino;
	/* What may not be looked at may not be joined: the entry will say why. */
	if (errno == EACCES)
		return 1;
	fault_set(f, "stat", k, path, errno == ESRCH ? ENOENT : errno);
	fault_why(f, f->err == ENOENT ? "the process has ended" : "");
	return -1;
}

/* A kind of the process, in the place that the kind has among those that the rule names. */
static int add_differing(struct asked *a, enum ns_kind k, struct fault *f)
{
	struct ns_spec n = { k, NS_PIDOF, a->rule.join.pid, a->path[k] };
	int r;

	process_path(n.pid, "/ns/", ns_table[k].name, a->path[k]);
	r = differs(n.path, k, f);
	if (r > 0)
		add(a, &n);
	return r < 0 ? -1 : 0;
}

/*
 * A network that a user namespace of the caller's own has made is joined with that one's
 * capabilities, since he has none: 1. 0: it is nobody's but this one's, or cannot be looked at,
 * and joining it will say why.
 */
static bool has_owner(const struct ns_spec *n)
{
	int fd = sys_open(n->path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	int owner = fd < 0 ? -1 : ioctl(fd, NS_GET_USERNS);
	struct stat st;
	bool other = owner >= 0 && !fstat(owner, &st) && !sys_is_own_ns(NS_USER, &st);

	if (owner >= 0)
		sys_close(owner);
	if (fd >= 0)
		sys_close(fd);
	return other;
}

/* What `ip netns exec` would do beside: of a rule that does not say otherwise. */
static void add_netns(struct asked *a, enum ns_kind k, const struct creds *creds)
{
	const struct ns_spec *n = rule_netns(a->asked);

	if (!n || a->asked->named & ns_table[k].flag)
		return;
	if (k == NS_USER && !creds->admin && has_owner(n))
		add(a, &(struct ns_spec){ .kind = k, .mode = NS_OWNER, .path = n->path });
	if (k == NS_MNT && netns_has_files(n))
		add(a, &(struct ns_spec){ .kind = k, .mode = NS_NEW });
}

static int ask(const struct rule *rule, const struct creds *creds, struct asked *a, struct fault *f)
{
	bool whole = rule_joins_process(rule);

	a->asked = rule;
	a->rule = *rule;
	a->rule.ns = a->ns;
	a->rule.kinds = 0;
	if (whole && process_find(&a->rule.join, f))
		return -1;
	for (enum ns_kind k = 0; k < NS_KINDS; k++) {
		const struct ns_spec *n = spec_of(rule, k);

		if (n)
			add(a, n);
		else if (whole && !(rule->named & ns_table[k].flag) && add_differing(a, k, f))
			return -1;
		else
			add_netns(a, k, creds);
	}
	return 0;
}

/* Every kind is that of the set, which holds a user namespace where one would be created. */
static const struct rule *of_set(const struct rule *rule, const struct creds *creds,
				 const char *place, struct asked *a, struct fault *f)
{
	bool user = aim_of(rule, creds).user;

	if (sets_name(a->set, rule, creds, place, f)) {
		fault_in(f, rule->name);
		return NULL;
	}
	a->rule = *rule;
	a->rule.ns = a->ns;
	a->rule.kinds = 0;
	for (enum ns_kind k = 0; k < NS_KINDS; k++)
		if (spec_of(rule, k) || (k == NS_USER && user))
			a->ns[a->rule.kinds++] =
				(struct ns_spec){ .kind = k, .mode = NS_SET, .path = a->set };
	return &a->rule;
}

const struct rule *resolve(const struct rule *rule, const struct creds *creds, const char *place,
			   struct asked *a, struct fault *f)
{
	struct rlimit limit;
	int failed;

	if (rule->share.name)
		return of_set(rule, creds, place, a, f);
	if (!rule_joins_process(rule) && !spec_of(rule, NS_PID) && !rule_netns(rule))
		return rule;
	failed = ask(rule, creds, a, f);
	if (failed && f->err == EMFILE && sys_raise_files(&limit)) {
		failed = ask(rule, creds, a, f);
		sys_lower_files(&limit);
	}
	if (failed)
		remedy_errno(f, rule);
	return failed ? NULL : &a->rule;
}

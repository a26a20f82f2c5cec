#define _GNU_SOURCE
#include <sched.h>

#include "conf/text.h"
#include "shim/aim.h"

const char *aim_map(const struct rule_map *m, unsigned long id, char buf[AIM_MAP])
{
	struct text t = text_in(buf, AIM_MAP);
	unsigned long inside = m->form == IDMAP_SELF ? id : 0;

	if (m->form == IDMAP_AUTO)
		return NULL;
	if (m->form == IDMAP_EXTENTS) {
		if (m->extents != 1 || m->first.count != 1 || m->first.outside != id)
			return NULL;
		inside = m->first.inside;
	}
	text_num(&t, (long long)inside);
	text_str(&t, " ");
	text_num(&t, (long long)id);
	text_str(&t, " 1\n");
	return buf;
}

static bool maps_itself(const struct rule *rule, const struct creds *creds)
{
	char buf[AIM_MAP];

	return aim_map(&rule->map[0], creds->uid, buf) && aim_map(&rule->map[1], creds->gid, buf) &&
	       rule->setgroups != SETGROUPS_ALLOW;
}

/*
 * Not mounts, which would be those of then, nor cgroup, whose root would be where the pool runs;
 * nor time, which a process cannot join whose memory others use.
 */
static int ahead(const struct aim *a)
{
	return (a->user ? CLONE_NEWUSER : 0) |
	       (a->creates & (CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS));
}

struct aim aim_of(const struct rule *rule, const struct creds *creds)
{
	struct aim a = { .set = rule->kinds && rule->ns[0].mode == NS_SET };

	for (unsigned i = 0; i < rule->kinds; i++)
		*(rule->ns[i].mode == NS_NEW ? &a.creates : &a.joins) |=
			ns_table[rule->ns[i].kind].flag;
	/* Joined first, a user namespace of somebody's gives the capabilities to create. */
	a.user = a.creates & CLONE_NEWUSER ||
		 (a.creates && !creds->admin && rule->fallback && !(a.joins & CLONE_NEWUSER));
	a.creates &= ~CLONE_NEWUSER;
	a.ahead = rule->pool && !a.joins ? ahead(&a) : 0;
	a.itself = maps_itself(rule, creds);
	return a;
}

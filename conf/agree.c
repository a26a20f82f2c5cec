#define _GNU_SOURCE
#include <sched.h>
#include <string.h>

#include "conf/digest.h"
#include "conf/mounts.h"
#include "conf/refuse.h"
#include "conf/text.h"

/* A map of the rule's own, or else one that it has by `extends`; KEYS: there is none. */
static enum key map_key(const struct draft *d)
{
	const struct rule_map *map = d->rule->map;

	if (d->seen[KEY_UID_MAP] || d->seen[KEY_GID_MAP])
		return d->seen[KEY_UID_MAP] ? KEY_UID_MAP : KEY_GID_MAP;
	if (map[0].form != IDMAP_UNSET)
		return KEY_UID_MAP;
	return map[1].form != IDMAP_UNSET ? KEY_GID_MAP : KEYS;
}

void draft_agree_user(struct draft *d, enum key key)
{
	enum ns_mode mode = d->ns[NS_USER].mode;
	enum key map = map_key(d);

	/* Maps are those of one that is created; one that is joined has its own already. */
	if (mode == NS_HOST || mode == NS_NEW)
		return;
	if (key != KEY_NS + NS_USER)
		refuse_line(d, key, "the user namespace is joined and has its maps: see line ",
			    refuse_seen(d, KEY_NS + NS_USER));
	else if (map != KEYS)
		refuse_line(d, key, "a user namespace that is joined has its maps: see line ",
			    refuse_seen(d, map));
}

/*
 * Inside a pid namespace a /proc of the old one shows processes under numbers that they do not have
 * there; one mounted in somebody else's mount namespace would show to all who are in that.
 */
static void agree_proc(struct draft *d)
{
	if (d->ns[NS_PID].mode != NS_NEW || d->rule->host_proc || d->ns[NS_MNT].mode == NS_NEW)
		return;
	refuse_earlier(d, KEY_NS + NS_PID,
		       d->ns[NS_MNT].mode == NS_HOST
			       ? "/proc would be that of the old one: add `mnt = new`, or "
				 "`proc = host` to have it so"
			       : "a /proc of its own would show to all in the mount namespace that "
				 "is joined: `mnt = new`, or `proc = host`");
}

/* Does any kind have that mode? */
static bool has(const struct draft *d, enum ns_mode mode)
{
	for (int k = 0; k < NS_KINDS; k++)
		if (d->ns[k].mode == mode)
			return true;
	return false;
}

static bool has_ahead(const struct draft *d)
{
	return d->ns[NS_USER].mode == NS_NEW || d->ns[NS_NET].mode == NS_NEW ||
	       d->ns[NS_IPC].mode == NS_NEW || d->ns[NS_UTS].mode == NS_NEW;
}

static void agree_join(struct draft *d)
{
	if (rule_joins_process(d->rule) && map_key(d) != KEYS && !(d->rule->named & CLONE_NEWUSER))
		refuse_earlier(d, map_key(d),
			       "the user namespace of the process is joined, which has its maps");
}

static void agree_share(struct draft *d)
{
	if (d->rule->share.name && rule_joins_process(d->rule))
		refuse_earlier(d, KEY_SHARE, "what is joined is shared already: not with `join`");
	else if (d->rule->share.name && !has(d, NS_NEW))
		refuse_earlier(d, KEY_SHARE, "there is nothing to share: no kind is `new`");
	/* Who holds the set would be at the mercy of those who have capabilities there. */
	else if (d->rule->share.name && d->ns[NS_USER].mode > NS_NEW)
		refuse_earlier(d, KEY_SHARE, "not in a user namespace that is joined");
	/* Its members would be no children of who holds it, nor processes that he was told of. */
	else if (d->rule->share.name && d->ns[NS_PID].mode > NS_NEW)
		refuse_earlier(d, KEY_SHARE, "not in a pid namespace that is joined");
	if (d->seen[KEY_KEEP] && !d->rule->share.name)
		refuse_earlier(d, KEY_KEEP, "there is no `share = NAME` whose set it could keep");
	if (!d->rule->pool)
		return;
	if (d->rule->share.name)
		refuse_earlier(d, KEY_POOL, "one set is shared: none can be made ahead");
	else if (rule_joins_process(d->rule) || has(d, NS_PATH) || has(d, NS_NETNS) ||
		 has(d, NS_PIDOF))
		refuse_earlier(d, KEY_POOL,
			       "what is made ahead could not be inside what is "
			       "joined: not in a rule that joins");
	else if (!has_ahead(d))
		refuse_earlier(d, KEY_POOL,
			       "nothing can be made ahead: none of user, net, ipc and "
			       "uts is `new`");
	else if (d->ns[NS_PID].mode == NS_NEW)
		refuse_earlier(d, KEY_POOL, "a pid namespace cannot be made ahead");
}

/*
 * One name is one set: of two that differ, each program would be in the one or the other. What only
 * others extend, none is in.
 */
void draft_agree_set(struct draft *d, const struct rule *r)
{
	const struct rule *other = d->profile->rule;
	char why[REFUSE_WHY];
	struct text t = text_in(why, sizeof why);

	while (other < r && (other->template || !other->share.name ||
			     strcmp(other->share.name, r->share.name) != 0))
		other++;
	if (other == r || r->template || digest_rule(other) == digest_rule(r))
		return;
	text_str(&t, "another set than that of this name in [");
	text_str(&t, other->name);
	text_str(&t, "]: one name, one set; the kinds, the maps, what is inside, `user` and "
		     "share-keep are the same, or the name is another");
	refuse_earlier(d, KEY_SHARE, why);
}

/* Its children are the parent's memory, or have not even a file of their own to be loaded. */
static void agree_when(struct draft *d)
{
	if (d->rule->when == WHEN_FORK && (d->rule->share.name || d->rule->pool))
		refuse_earlier(d, KEY_WHEN, "children that only fork cannot share a set");
	else if (d->rule->when == WHEN_FORK && d->seen[KEY_ITEM + ITEM_CLOSE])
		refuse_earlier(d, KEY_ITEM + ITEM_CLOSE,
			       "children that only fork have what their parent has");
	else if (d->rule->when == WHEN_FORK && d->rule->item[PHASE_EXEC])
		refuse_earlier(d, (enum key)(KEY_ITEM + d->rule->item[PHASE_EXEC]->op),
			       "children that only fork have what their parent has");
}

/* The ids that are kept are no others. */
static void agree_creds(struct draft *d)
{
	static const enum item_op ids[] = { ITEM_UID, ITEM_GID, ITEM_GROUPS };

	for (unsigned i = 0; d->rule->keep_creds && i < sizeof ids / sizeof *ids; i++)
		if (rule_item(d->rule, ids[i]))
			refuse_earlier(d, KEY_ITEM + ids[i], "not with `keep_creds = yes`");
}

static bool is_system(enum item_op op)
{
	return op == ITEM_TMPFS || op == ITEM_OVERLAY || op == ITEM_OVERLAY_TMP;
}

/* What these are made of is for a moment on top of the root (shim/inner/files.h). */
static bool needs_scaffold(enum item_op op)
{
	return op == ITEM_ROOT || op == ITEM_HIDE || op == ITEM_FILE || op == ITEM_OVERLAY_TMP;
}

static bool refuse_shown(struct draft *d, enum item_op op)
{
	char why[REFUSE_WHY];
	struct text t = text_in(why, sizeof why);

	text_str(&t, "with `");
	text_str(&t, item_row[op].name);
	text_str(&t, "` it is `private` or `slave`: what that is made of would show outside");
	refuse_earlier(d, KEY_PROPAGATION, why);
	return true;
}

/* The maps of one that is joined belong to others, and of `auto` only a helper knows them. */
static void agree_idmap(struct draft *d, unsigned count)
{
	enum key key = (enum key)(KEY_ITEM + ITEM_BIND);

	if (count && d->ns[NS_USER].mode != NS_NEW)
		refuse_earlier(d, key,
			       "`idmap` is by the maps of the rule's own user namespace: add "
			       "`user = new`");
	else if (count && (d->map[0].form == IDMAP_AUTO || d->map[1].form == IDMAP_AUTO))
		refuse_earlier(d, key,
			       "`idmap` is not for maps that are `auto`: write the ranges out");
	else if (count > MOUNT_SHIFTS)
		refuse_earlier(d, key, "more than 8 with `idmap` in a rule");
}

static bool is_here(const struct item *it)
{
	return (it->word[MOUNT_SRC] && !strcmp(it->word[MOUNT_SRC], ".")) ||
	       (it->word[MOUNT_TO] && !strcmp(it->word[MOUNT_TO], "."));
}

static void agree_files(struct draft *d)
{
	const struct item *first = d->rule->item[PHASE_FILES];
	enum rule_propagation p = d->rule->propagation;
	unsigned systems = 0, shifts = 0, here = 0;
	bool told = false;

	for (const struct item *it = first; it; it = it->next) {
		shifts += it->op == ITEM_BIND && it->flags & MOUNT_IDMAP;
		if (it->op == ITEM_BIND && it->word[MOUNT_SRC] &&
		    !strcmp(it->word[MOUNT_SRC], ".") && ++here == 2)
			refuse_earlier(d, KEY_ITEM + ITEM_BIND, "`.` a second time");
		/* Who holds the set is somewhere else than any of its members. */
		if (it->op == ITEM_BIND && d->rule->share.name && is_here(it))
			refuse_earlier(d, KEY_ITEM + ITEM_BIND,
				       "`.` is another folder for each member of a set: not with "
				       "`share`");
		if (it->op == ITEM_ROOT && it != first)
			refuse_earlier(d, (enum key)(KEY_ITEM + it->op),
				       "it goes before all other lines of files, which are "
				       "beneath it");
		if (!told && needs_scaffold(it->op) &&
		    (p == PROPAGATION_SHARED || p == PROPAGATION_UNCHANGED))
			told = refuse_shown(d, it->op);
		if (is_system(it->op) && ++systems == MOUNT_SYSTEMS - 2)
			refuse_earlier(d, (enum key)(KEY_ITEM + it->op),
				       "more than 29 file systems of its own in a rule");
	}
	agree_idmap(d, shifts);
}

void draft_agree(struct draft *d)
{
	agree_proc(d);
	agree_join(d);
	agree_share(d);
	agree_when(d);
	agree_creds(d);
	agree_files(d);
}

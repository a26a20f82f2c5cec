#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "conf/powers.h"
#include "shim/command/import/list.h"
#include "shim/command/import/unit/rule.h"

/* By its name or number. Null: there is none here. */
static struct passwd *find_user(const char *name)
{
	struct passwd *found = getpwnam(name);

	return found || !isdigit((unsigned char)name[0]) ? found
							 : getpwuid((uid_t)strtoul(name, NULL, 10));
}

static long find_group(const char *name)
{
	struct group *found = getgrnam(name);

	if (found)
		return (long)found->gr_gid;
	return isdigit((unsigned char)name[0]) ? strtol(name, NULL, 10) : -1;
}

/* A user namespace of the unit's knows two, and refuses the rest. */
static void add_group(struct unit *u, const struct unit_user *who, bool maps, char *list,
		      size_t size, unsigned gid)
{
	const struct unit_line *l =
		maps && gid && gid != who->gid ? unit_last(u, "PrivateUsers") : NULL;

	if (l)
		unit_lost(u, l, unit_print(u, "group %u, which the namespace does not have", gid));
	else
		list_add(list, size, unit_print(u, "%u", gid));
}

/* All that the user is in, and those that the unit adds. */
static void put_groups(struct unit *u, const struct unit_user *who, bool maps)
{
	enum { MOST = 64 };
	gid_t had[MOST];
	int n = MOST;
	char list[MOST * 11] = "";
	const struct unit_line *l = NULL;
	const char *at, *word;

	if (who->name && getgrouplist(who->name, (gid_t)who->gid, had, &n) < 0)
		n = MOST;
	for (int i = 0; who->name && i < n; i++)
		add_group(u, who, maps, list, sizeof list, had[i]);
	while ((l = unit_next(u, "SupplementaryGroups", l)))
		for (at = l->value; unit_word(u, l, &at, &word);) {
			long gid = find_group(word);

			if (gid < 0)
				unit_lost(u, l, unit_print(u, "there is no group %s here", word));
			else
				add_group(u, who, maps, list, sizeof list, (unsigned)gid);
		}
	if (list[0] || who->name)
		written_line(u->w, "groups", "%s", list[0] ? list : "none");
}

/* root and the unit's own id stay what they are: of a namespace that it asks for. */
static void put_map(struct unit *u, const char *key, bool asked, unsigned long id)
{
	if (u->own || !asked) {
		written_line(u->w, key, "self");
		return;
	}
	written_line(u->w, key, "0 0 1");
	if (id)
		written_line(u->w, key, "%lu %lu 1", id, id);
}

/* A user is made where there is none of that name: nobody here would do that. */
static void find(struct unit *u, struct unit_user *who)
{
	const char *name = unit_value(u, "User");
	const struct unit_line *l = unit_last(u, "User"), *made = unit_last(u, "DynamicUser");
	struct passwd *found = name ? find_user(name) : getpwuid(geteuid());

	who->dynamic = unit_yes(u, "DynamicUser");
	who->uid = found ? found->pw_uid : name ? (uid_t)-1 : geteuid();
	who->gid = found ? found->pw_gid : getegid();
	who->home = found ? unit_print(u, "%s", found->pw_dir) : "/";
	who->shell = found ? unit_print(u, "%s", found->pw_shell) : "/bin/sh";
	if (name)
		who->name = found ? unit_print(u, "%s", found->pw_name) : name;
	if (who->dynamic && !(name && found))
		unit_lost(u, made, "no user is made: say which one with User=");
	else if (name && !found)
		unit_lost(u, l, "there is no such user here");
}

void import_unit_user(struct unit *u, struct unit_user *who)
{
	const char *group = unit_value(u, "Group");
	long gid = group ? find_group(group) : -1;
	bool maps = unit_yes(u, "PrivateUsers");

	find(u, who);
	if (gid >= 0)
		who->gid = (unsigned long)gid;
	else if (group && !who->dynamic)
		unit_lost(u, unit_last(u, "Group"), "there is no such group here");
	u->w->file = NULL;
	if (maps)
		written_line(u->w, "user", "new");
	put_map(u, "uid_map", maps, who->uid);
	put_map(u, "gid_map", maps, who->gid);
	if (u->own && who->name && who->uid == geteuid())
		return;
	if (who->name || group)
		written_line(u->w, "gid", "%s",
			     group && gid < 0 ? group : unit_print(u, "%lu", who->gid));
	put_groups(u, who, maps);
	if (who->name)
		written_line(u->w, "uid", "%s",
			     find_user(who->name) ? unit_print(u, "%lu", who->uid) : who->name);
}

static int find_cap(const char *word)
{
	if (strncasecmp(word, "CAP_", 4) != 0)
		return -1;
	for (int i = 0; i < POWERS_CAPS; i++)
		if (!strcasecmp(powers_cap[i], word + 4))
			return i;
	return -1;
}

/* Lines are added up; of one with a `~` all but its own stay. `~` alone is all, nothing is none. */
static bool read_caps(struct unit *u, const char *key, unsigned long long *caps)
{
	const struct unit_line *l = NULL;
	const char *at, *word;
	bool first = true;

	*caps = 0;
	while ((l = unit_next(u, key, l))) {
		bool but = l->value[0] == '~';

		if (but && (first || !l->value[1]))
			*caps = ~0ull;
		first = false;
		for (at = l->value + but; unit_word(u, l, &at, &word);) {
			int i = find_cap(word);

			if (i < 0)
				unit_wrong(u, l, "no name of a capability");
			else
				*caps = but ? *caps & ~(1ull << i) : *caps | 1ull << i;
		}
	}
	return unit_said(u, key);
}

/* What settings take away beside what they are named for. */
static unsigned long long taken(struct unit *u)
{
	static const struct {
		char key[22], caps[2][16];
	} all[] = {
		{ "PrivateDevices", { "CAP_MKNOD", "CAP_SYS_RAWIO" } },
		{ "ProtectClock", { "CAP_SYS_TIME", "CAP_WAKE_ALARM" } },
		{ "ProtectKernelModules", { "CAP_SYS_MODULE", "CAP_SYS_MODULE" } },
		{ "ProtectKernelLogs", { "CAP_SYSLOG", "CAP_SYSLOG" } },
	};
	unsigned long long caps = 0;

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		for (int j = 0; unit_yes(u, all[i].key) && j < 2; j++)
			caps |= 1ull << find_cap(all[i].caps[j]);
	return caps;
}

/* The names of those in the set, after `~` where it is shorter to say which are not in it. */
static void put_caps(struct unit *u, unsigned long long caps)
{
	const unsigned long long all = (1ull << POWERS_CAPS) - 1;
	bool but = __builtin_popcountll(caps & all) > POWERS_CAPS / 2;
	char list[POWERS_CAPS * POWERS_CAP] = "";

	if (but)
		caps = ~caps;
	for (int i = 0; i < POWERS_CAPS; i++)
		if (caps >> i & 1)
			list_add(list, sizeof list, powers_cap[i]);
	written_line(u->w, "caps", "%s%s", but ? "~" : "", list[0] ? list : "drop");
}

/*
 * An exec leaves uid 0 what is in the bounding set, and others what is ambient: these are all five
 * sets of the key. What others have in the bounding set counts for set-user-ID programs alone.
 */
void import_unit_caps(struct unit *u, const struct unit_user *who)
{
	unsigned long long bounding, ambient, without = taken(u);
	bool said = read_caps(u, "CapabilityBoundingSet", &bounding);
	bool raised = read_caps(u, "AmbientCapabilities", &ambient);
	const struct unit_line *l = NULL;
	const char *at, *word;
	char bits[100] = "";

	if (!said)
		bounding = ~0ull;
	bounding &= ~without;
	u->w->file = NULL;
	if (!who->uid && (~bounding & ((1ull << POWERS_CAPS) - 1)))
		put_caps(u, bounding);
	else if (who->uid && (said || raised || without))
		put_caps(u, ambient & bounding);
	if (who->uid && bounding & ~ambient && !unit_yes(u, "NoNewPrivileges") && !who->dynamic &&
	    (l = unit_last(u, "CapabilityBoundingSet")))
		unit_lost(u, l, "what is in it for set-user-ID programs alone");
	for (l = NULL; (l = unit_next(u, "SecureBits", l));)
		for (at = l->value; unit_word(u, l, &at, &word);)
			list_add(bits, sizeof bits, word);
	if (bits[0])
		written_line(u->w, "securebits", "%s", bits);
}

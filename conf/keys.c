#include <string.h>

#include "conf/draft.h"
#include "conf/expand.h"
#include "conf/guess.h"
#include "conf/refuse.h"
#include "conf/split.h"
#include "conf/text.h"

/* In the order of enum key. */
static const char names[KEY_ITEM][KEY_NAME] = {
	"match",     "except",	 "only_if",    "template", "extends",	 "uid_map",	"gid_map",
	"setgroups", "fallback", "on_error",   "loopback", "cwd",	 "propagation", "when",
	"join",	     "share",	 "share-keep", "pool",	   "keep_creds",
};

static const char values_of_setgroups[][6] = { "allow", "deny" };
static const char values_of_fallback[][7] = { "none", "userns" };
static const char values_of_on_error[][9] = { "fail", "continue" };
static const char values_of_propagation[][10] = { "private", "slave", "shared", "unchanged" };
static const char values_of_when[][5] = { "exec", "load", "fork" }; /* of enum rule_when */

static enum key find(const char *name)
{
	enum ns_kind kind = ns_find(name, strlen(name));
	int key;

	if (kind < NS_KINDS)
		return KEY_NS + kind;
	key = words_find(WORDS(names), name);
	for (int op = 0; key < 0 && op < ITEMS; op++)
		if (!strcmp(item_row[op].name, name))
			key = KEY_ITEM + op;
	return key < 0 ? KEYS : (enum key)key;
}

const char *key_name(enum key key)
{
	if (key < KEY_ITEM)
		return names[key];
	return key < KEY_NS ? item_row[key - KEY_ITEM].name : ns_table[key - KEY_NS].name;
}

/* May it be given more than once in a rule? */
static bool is_many(enum key key)
{
	if (key >= KEY_ITEM && key < KEY_NS)
		return item_row[key - KEY_ITEM].many;
	return key <= KEY_ONLY_IF || key == KEY_UID_MAP || key == KEY_GID_MAP;
}

static void refuse_unknown(struct draft *d, const char *name)
{
	char all[KEYS][sizeof names[0]] = { 0 }, why[REFUSE_WHY];
	struct text t = text_in(why, sizeof why);

	for (int k = 0; k < KEYS; k++) {
		struct text one = text_in(all[k], sizeof all[k]);

		text_str(&one, key_name((enum key)k));
	}
	text_str(&t, "unknown key");
	guess_tell(&t, WORDS(all), name, strlen(name));
	draft_refuse(d, name, strlen(name), why);
}

static void set_map(struct draft *d, enum key key, const char *value)
{
	struct idmap *m = &d->map[key - KEY_UID_MAP];
	unsigned *room = &d->map_room[key - KEY_UID_MAP];
	struct idmap_extent *e = draft_grow(d, m->extent, sizeof *e, m->extents, room);
	char why[REFUSE_WHY];

	if (!e)
		return;
	m->extent = e;
	if (!m->full && idmap_add(m, value, why, sizeof why))
		refuse(d, key, why);
	if (d->seen[key] == d->line)
		draft_agree_user(d, key);
}

/*
 * What could never fit is refused rather than passed over: the last component of no program is
 * empty, and no absolute path begins with another character than `/`.
 */
static void set_pattern(struct draft *d, enum key key, const char *value)
{
	const char *slash = strchr(value, '/');

	if (slash && !strchr("/*?[\\", value[0]))
		refuse_value(d, key, "relative path", value, ": begin it with `/` or `*/`");
	else if (value[strlen(value) - 1] == '/')
		refuse_value(d, key, "a folder is no program:", value, ": end it with `/*`");
	else
		draft_add(d, &d->list[key - KEY_MATCH], value);
}

static void set_condition(struct draft *d, const char *value)
{
	struct condition *c =
		draft_grow(d, d->condition, sizeof *c, d->conditions, &d->condition_room);

	if (!c)
		return;
	d->condition = c;
	c[d->conditions] = (struct condition){ .number = 0 };
	condition_value(d, value, &c[d->conditions++]);
}

static void set(struct draft *d, enum key key, const char *value)
{
	struct rule *r = d->rule;
	int i;

	switch (key) {
	case KEY_MATCH:
	case KEY_EXCEPT:
		set_pattern(d, key, value);
		break;
	case KEY_ONLY_IF:
		set_condition(d, value);
		break;
	case KEY_TEMPLATE:
		r->template = split_yes(d, key, value);
		break;
	case KEY_EXTENDS:
		draft_extend(d, value);
		break;
	case KEY_UID_MAP:
	case KEY_GID_MAP:
		set_map(d, key, value);
		break;
	case KEY_SETGROUPS:
		i = split_word(d, key, value, WORDS(values_of_setgroups));
		r->setgroups = i ? SETGROUPS_DENY : SETGROUPS_ALLOW;
		break;
	case KEY_FALLBACK:
		r->fallback = split_word(d, key, value, WORDS(values_of_fallback)) == 1;
		break;
	case KEY_ON_ERROR:
		r->go_on = split_word(d, key, value, WORDS(values_of_on_error)) == 1;
		break;
	case KEY_LOOPBACK:
		r->loopback = split_yes(d, key, value);
		break;
	case KEY_CWD:
		r->cwd = refuse_relative(d, key, value);
		break;
	case KEY_KEEP_CREDS:
		r->keep_creds = split_yes(d, key, value);
		break;
	case KEY_PROPAGATION:
		i = split_word(d, key, value, WORDS(values_of_propagation));
		r->propagation = i < 0 ? PROPAGATION_PRIVATE : (enum rule_propagation)i;
		break;
	case KEY_WHEN:
		i = split_word(d, key, value, WORDS(values_of_when));
		r->when = i < 0 ? WHEN_EXEC : (enum rule_when)i;
		break;
	case KEY_JOIN:
		draft_join(d, value);
		break;
	case KEY_SHARE:
	case KEY_KEEP:
	case KEY_POOL:
		draft_share(d, key, value);
		break;
	default:
		if (key == KEY_ITEM + ITEM_PROC && !strcmp(value, "host")) {
			r->host_proc = true;
			break;
		}
		if (key < KEY_NS) {
			draft_item(d, key, value);
			break;
		}
		draft_kind(d, key, value);
		if (key == KEY_NS + NS_USER)
			draft_agree_user(d, key);
	}
}

void draft_set(struct draft *d, const char *name, const char *value)
{
	enum key key = find(name);
	bool first;

	if (!d->rule) {
		draft_refuse(d, name, strlen(name),
			     "outside of a section: a [NAME] goes before it");
		return;
	}
	if (key == KEYS) {
		refuse_unknown(d, name);
		return;
	}
	value = expand(d, name, value);
	if (!value)
		return;
	first = !d->seen[key];
	d->last = d->line;
	if (first)
		d->seen[key] = d->line;
	if (!value[0])
		refuse(d, key, "empty value");
	else if (!first && !is_many(key))
		refuse_line(d, key, "second value: the first is on line ", d->seen[key]);
	else
		set(d, key, value);
}

#include <string.h>

#include "conf/draft.h"
#include "conf/guess.h"
#include "conf/text.h"

enum { PID_MOST = 4194304 /* PID_MAX_LIMIT of the kernel */, WHY = sizeof((struct fault *)0)->why };

/* In the order of enum key. */
static const char names[KEY_NS][10] = {
	"match",    "except",	"uid_map",  "gid_map", "setgroups",
	"fallback", "on_error", "loopback", "cwd",
};

static const char values_of_kinds[][7] = { "host", "new", "pid:", "netns:" };
static const char values_of_setgroups[][6] = { "allow", "deny" };
static const char values_of_fallback[][7] = { "none", "userns" };
static const char values_of_on_error[][9] = { "fail", "continue" };
static const char yes_or_no[][4] = { "no", "yes" };

static enum key find(const char *name)
{
	enum ns_kind kind = ns_find(name, strlen(name));
	int key;

	if (kind < NS_KINDS)
		return KEY_NS + kind;
	key = words_find(WORDS(names), name);
	return key < 0 ? KEYS : (enum key)key;
}

static const char *name_of(enum key key)
{
	return key < KEY_NS ? names[key] : ns_table[key - KEY_NS].name;
}

static void refuse(struct draft *d, enum key key, const char *why)
{
	const char *name = name_of(key);

	draft_refuse(d, name, strlen(name), why);
}

/* Says `a`, the value in quotes, and `b`. */
static void refuse_value(struct draft *d, enum key key, const char *a, const char *value,
			 const char *b)
{
	char why[WHY];
	struct text t = text_in(why, sizeof why);

	text_str(&t, a);
	text_str(&t, " `");
	text_str(&t, value);
	text_str(&t, "`");
	text_str(&t, b);
	refuse(d, key, why);
}

static void refuse_unknown(struct draft *d, const char *name)
{
	char all[KEYS][sizeof names[0]] = { 0 }, why[WHY];
	struct text t = text_in(why, sizeof why);

	for (int k = 0; k < KEYS; k++) {
		struct text one = text_in(all[k], sizeof all[k]);

		text_str(&one, name_of((enum key)k));
	}
	text_str(&t, "unknown key");
	guess_tell(&t, WORDS(all), name, strlen(name));
	draft_refuse(d, name, strlen(name), why);
}

/* Words about another line of the same rule. */
static void refuse_line(struct draft *d, enum key key, const char *words, int line)
{
	char why[WHY];
	struct text t = text_in(why, sizeof why);

	text_str(&t, words);
	text_num(&t, line);
	refuse(d, key, why);
}

/* The number of the word that the value is; -1 where it is none, which is told. */
static int choose(struct draft *d, enum key key, const char *value, struct words w)
{
	int i = words_find(w, value);
	char why[WHY];
	struct text t = text_in(why, sizeof why);

	if (i >= 0)
		return i;
	text_str(&t, ", neither `");
	text_str(&t, words_at(w, 0));
	text_str(&t, "` nor `");
	text_str(&t, words_at(w, 1));
	text_str(&t, "`");
	guess_tell(&t, w, value, strlen(value));
	refuse_value(d, key, "unknown value", value, why);
	return -1;
}

static const char *path_of(struct draft *d, enum key key, const char *value)
{
	if (value[0] == '/')
		return draft_text(d, value, strlen(value));
	refuse_value(d, key, "relative path", value, ": an absolute one begins with `/`");
	return NULL;
}

/* NAME of `netns:NAME`, as ip-netns(8) names a file. */
static void set_netns(struct draft *d, enum key key, struct ns_spec *ns, const char *name)
{
	char path[sizeof "/run/netns/" + 256];
	struct text t = text_in(path, sizeof path);

	if (key != KEY_NS + NS_NET) {
		refuse(d, key, "`netns:NAME` is a network namespace: for `net` alone");
		return;
	}
	if (!name[0] || strchr(name, '/') || !strcmp(name, ".") || !strcmp(name, "..")) {
		refuse_value(d, key, "no name of a file in /run/netns:", name, "");
		return;
	}
	text_str(&t, "/run/netns/");
	text_str(&t, name);
	ns->mode = NS_NETNS;
	ns->path = draft_text(d, path, (size_t)(t.at - path));
}

static void set_pidof(struct draft *d, enum key key, struct ns_spec *ns, const char *digits)
{
	size_t len = strlen(digits);
	char path[sizeof "/proc/4194304/ns/cgroup"];
	struct text t = text_in(path, sizeof path);
	bool number = len && digits[0] != '0' && strspn(digits, "0123456789") == len;
	long pid = 0;

	for (size_t i = 0; number && i < len && pid <= PID_MOST; i++)
		pid = pid * 10 + (digits[i] - '0');
	if (!number || pid > PID_MOST) {
		refuse_value(d, key, "no process id", digits, ": a decimal number, 1 to 4194304");
		return;
	}
	text_str(&t, "/proc/");
	text_num(&t, pid);
	text_str(&t, "/ns/");
	text_str(&t, name_of(key));
	ns->mode = NS_PIDOF;
	ns->pid = (pid_t)pid;
	ns->path = draft_text(d, path, (size_t)(t.at - path));
}

static void refuse_kind(struct draft *d, enum key key, const char *value)
{
	char why[WHY];
	struct text t = text_in(why, sizeof why);
	size_t len = strcspn(value, ":");

	text_str(&t, ": not `host`, `new`, an absolute path or `pid:N`");
	if (key == KEY_NS + NS_NET)
		text_str(&t, " or `netns:NAME`");
	guess_tell(&t, WORDS(values_of_kinds), value, len + (value[len] == ':'));
	refuse_value(d, key, "unknown value", value, why);
}

static void set_kind(struct draft *d, enum key key, const char *value)
{
	struct ns_spec *ns = &d->ns[key - KEY_NS];

	if (!strcmp(value, "host"))
		return;
	ns->kind = (enum ns_kind)(key - KEY_NS);
	if (ns->kind == NS_PID) {
		refuse(d, key, "not supported yet: a pid namespace can only be left alone, `host`");
	} else if (!strcmp(value, "new")) {
		ns->mode = NS_NEW;
	} else if (!strncmp(value, "pid:", 4)) {
		set_pidof(d, key, ns, value + 4);
	} else if (!strncmp(value, "netns:", 6)) {
		set_netns(d, key, ns, value + 6);
	} else if (strchr(value, '/')) {
		ns->path = path_of(d, key, value);
		ns->mode = ns->path ? NS_PATH : NS_HOST;
	} else {
		refuse_kind(d, key, value);
	}
}

/* Maps are those of a user namespace that is created; one that is joined has its own already. */
static void check_user(struct draft *d, enum key key)
{
	const int *seen = d->seen;
	enum ns_mode mode = d->ns[NS_USER].mode;
	int map = seen[KEY_UID_MAP] ? seen[KEY_UID_MAP] : seen[KEY_GID_MAP];

	if (mode == NS_HOST || mode == NS_NEW)
		return;
	if (key != KEY_NS + NS_USER)
		refuse_line(d, key, "the user namespace is joined and has its maps: see line ",
			    seen[KEY_NS + NS_USER]);
	else if (map)
		refuse_line(d, key, "a user namespace that is joined has its maps: see line ", map);
}

static void set_map(struct draft *d, enum key key, const char *value)
{
	struct idmap *m = &d->map[key - KEY_UID_MAP];
	unsigned *room = &d->map_room[key - KEY_UID_MAP];
	struct idmap_extent *e = draft_grow(d, m->extent, sizeof *e, m->extents, room);
	char why[WHY];

	if (!e)
		return;
	m->extent = e;
	if (!m->full && idmap_add(m, value, why, sizeof why))
		refuse(d, key, why);
	if (d->seen[key] == d->line)
		check_user(d, key);
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

static void set(struct draft *d, enum key key, const char *value)
{
	struct rule *r = d->rule;
	int i;

	switch (key) {
	case KEY_MATCH:
	case KEY_EXCEPT:
		set_pattern(d, key, value);
		break;
	case KEY_UID_MAP:
	case KEY_GID_MAP:
		set_map(d, key, value);
		break;
	case KEY_SETGROUPS:
		i = choose(d, key, value, WORDS(values_of_setgroups));
		r->setgroups = i ? SETGROUPS_DENY : SETGROUPS_ALLOW;
		break;
	case KEY_FALLBACK:
		r->fallback = choose(d, key, value, WORDS(values_of_fallback)) == 1;
		break;
	case KEY_ON_ERROR:
		r->go_on = choose(d, key, value, WORDS(values_of_on_error)) == 1;
		break;
	case KEY_LOOPBACK:
		r->loopback = choose(d, key, value, WORDS(yes_or_no)) == 1;
		break;
	case KEY_CWD:
		r->cwd = path_of(d, key, value);
		break;
	default:
		set_kind(d, key, value);
		if (key == KEY_NS + NS_USER)
			check_user(d, key);
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
	first = !d->seen[key];
	if (first)
		d->seen[key] = d->line;
	if (!value[0])
		refuse(d, key, "empty value");
	else if (!first && key > KEY_GID_MAP)
		refuse_line(d, key, "second value: the first is on line ", d->seen[key]);
	else
		set(d, key, value);
}

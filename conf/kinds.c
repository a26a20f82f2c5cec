#include <string.h>

#include "conf/guess.h"
#include "conf/refuse.h"
#include "conf/text.h"

enum { PID_MOST = 4194304 /* PID_MAX_LIMIT of the kernel */ };

static const char values_of_kinds[][7] = { "host", "new", "pid:", "netns:" };

/* NAME of `netns:NAME`, as ip-netns(8) names a file. */
static void set_netns(struct draft *d, enum key key, struct ns_spec *ns, const char *name)
{
	char path[sizeof "/run/netns/" + 256];
	struct text t = text_in(path, sizeof path);

	if (!name[0] || strchr(name, '/') || !strcmp(name, ".") || !strcmp(name, "..")) {
		refuse_value(d, key, "no name of a file in /run/netns:", name, "");
		return;
	}
	text_str(&t, "/run/netns/");
	text_str(&t, name);
	ns->mode = NS_NETNS;
	ns->path = draft_text(d, path, (size_t)(t.at - path));
}

/* A decimal process id without a sign or a leading zero; 0: it is none, which is told. */
static pid_t read_pid(struct draft *d, enum key key, const char *digits)
{
	size_t len = strlen(digits);
	bool number = len && digits[0] != '0' && strspn(digits, "0123456789") == len;
	long pid = 0;

	for (size_t i = 0; number && i < len && pid <= PID_MOST; i++)
		pid = pid * 10 + (digits[i] - '0');
	if (number && pid <= PID_MOST)
		return (pid_t)pid;
	refuse_value(d, key, "no process id", digits, ": a decimal number, 1 to 4194304");
	return 0;
}

static void set_pidof(struct draft *d, enum key key, struct ns_spec *ns, const char *digits)
{
	char path[sizeof "/proc/4194304/ns/cgroup"];
	struct text t = text_in(path, sizeof path);
	pid_t pid = read_pid(d, key, digits);

	if (!pid)
		return;
	text_str(&t, "/proc/");
	text_num(&t, pid);
	text_str(&t, "/ns/");
	text_str(&t, key_name(key));
	ns->mode = NS_PIDOF;
	ns->pid = pid;
	ns->path = draft_text(d, path, (size_t)(t.at - path));
}

static void refuse_kind(struct draft *d, enum key key, const char *value)
{
	char why[REFUSE_WHY];
	struct text t = text_in(why, sizeof why);
	size_t len = strcspn(value, ":");

	text_str(&t, ": not `host`, `new`, an absolute path or `pid:N`");
	if (key == KEY_NS + NS_NET)
		text_str(&t, " or `netns:NAME`");
	guess_tell(&t, WORDS(values_of_kinds), value, len + (value[len] == ':'));
	refuse_value(d, key, "unknown value", value, why);
}

void draft_kind(struct draft *d, enum key key, const char *value)
{
	struct ns_spec *ns = &d->ns[key - KEY_NS];

	ns->kind = (enum ns_kind)(key - KEY_NS);
	d->rule->named |= ns_table[ns->kind].flag;
	ns->mode = NS_HOST;
	if (!strcmp(value, "host"))
		return;
	if (!strcmp(value, "new")) {
		ns->mode = NS_NEW;
	} else if (!strncmp(value, "pid:", 4)) {
		set_pidof(d, key, ns, value + 4);
	} else if (!strncmp(value, "netns:", 6) && ns->kind != NS_NET) {
		refuse(d, key, "`netns:NAME` is a network namespace: for `net` alone");
	} else if (!strncmp(value, "netns:", 6)) {
		set_netns(d, key, ns, value + 6);
	} else if (strchr(value, '/')) {
		ns->path = refuse_relative(d, key, value);
		ns->mode = ns->path ? NS_PATH : NS_HOST;
	} else {
		refuse_kind(d, key, value);
	}
}

/* The value behind one of the words that tell of a process; null: another word is meant. */
static const char *after(const char *value, const char *word)
{
	size_t len = strlen(word);

	return strncmp(value, word, len) ? NULL : value + len;
}

void draft_join(struct draft *d, const char *value)
{
	static const char words[][9] = { "pid:", "pidfile:", "netns:" };
	struct rule_join *join = &d->rule->join;
	const char *rest;
	char why[REFUSE_WHY];
	struct text t = text_in(why, sizeof why);
	size_t len = strcspn(value, ":");

	*join = (struct rule_join){ 0 };
	if ((rest = after(value, words[0]))) {
		join->pid = read_pid(d, KEY_JOIN, rest);
	} else if ((rest = after(value, words[1]))) {
		join->pidfile = refuse_relative(d, KEY_JOIN, rest);
	} else if ((rest = after(value, words[2]))) {
		/* As `net = netns:NAME`, which must not be there too. */
		if (d->seen[KEY_NS + NS_NET]) {
			refuse_line(d, KEY_JOIN, "a second network: `net` is on line ",
				    d->seen[KEY_NS + NS_NET]);
			return;
		}
		d->seen[KEY_NS + NS_NET] = d->line;
		d->rule->named |= ns_table[NS_NET].flag;
		d->ns[NS_NET].kind = NS_NET;
		set_netns(d, KEY_JOIN, &d->ns[NS_NET], rest);
	} else {
		text_str(&t, ": not `pid:N`, `pidfile:/PATH` or `netns:NAME`");
		guess_tell(&t, WORDS(words), value, len + (value[len] == ':'));
		refuse_value(d, KEY_JOIN, "unknown value", value, why);
	}
}

#include <string.h>

#include "conf/given.h"
#include "conf/life.h"
#include "conf/mounts.h"
#include "conf/powers.h"
#include "conf/refuse.h"
#include "conf/split.h"
#include "conf/text.h"

enum { UTS_MOST = 64 /* __NEW_UTS_LEN of the kernel */ };

/* hostname, domainname */
static void name(struct draft *d, enum key key, const char *value, struct item *it)
{
	if (strlen(value) > UTS_MOST)
		refuse_value(d, key, "a name of more than 64 bytes:", value, "");
	else
		it->word[0] = it->text;
}

/*
 * The ones that a namespace has for itself, by its kind (net/, ipc/ and kernel/utsname_sysctl.c of
 * Linux); to write another one would be to change the machine.
 */
static const struct {
	char prefix[19];
	unsigned char kind;
} namespaced[] = {
	{ "net.", NS_NET },	  { "fs.mqueue.", NS_IPC }, { "kernel.shm", NS_IPC },
	{ "kernel.msg", NS_IPC }, { "kernel.sem", NS_IPC }, { "kernel.auto_msgmni", NS_IPC },
	{ "user.max_", NS_USER },
};

/* NAME VALUE */
static void sysctl(struct draft *d, enum key key, const char *value, struct item *it)
{
	char path[256];
	struct text t = text_in(path, sizeof path);
	const char *at;
	unsigned i = 0;

	if (!split(d, key, value, it->word, 2, 2, "NAME VALUE"))
		return;
	at = it->word[0];
	while (i < sizeof namespaced / sizeof *namespaced &&
	       strncmp(at, namespaced[i].prefix, strlen(namespaced[i].prefix)) != 0)
		i++;
	if (i == sizeof namespaced / sizeof *namespaced || strchr(at, '/') || strstr(at, "..")) {
		refuse_value(
			d, key, "not one that a namespace has for itself:", at,
			": net.*, kernel.shm*, kernel.msg*, kernel.sem*, fs.mqueue.*, user.max_*");
		return;
	}
	it->implies = namespaced[i].kind;
	text_str(&t, "/proc/sys/");
	for (; *at; at++)
		text_bytes(&t, *at == '.' ? "/" : at, 1);
	it->word[0] = draft_text(d, path, (size_t)(t.at - path));
	if (t.cut)
		refuse_value(d, key, "too long a name:", it->word[0], "");
}

/* SECONDS: the range that the kernel has for an offset (time_namespaces(7)). */
static void clock(struct draft *d, enum key key, const char *value, struct item *it)
{
	const int64_t most = INT64_MAX / 1000000000 / 2;

	it->word[0] = it->text;
	split_number(d, key, value, -most, most, &it->number[0]);
}

/* Of the uts, net, ipc and time namespaces. */
static void namespace_value(struct draft *d, enum key key, const char *value, struct item *it)
{
	if (it->op == ITEM_SYSCTL)
		sysctl(d, key, value, it);
	else if (item_row[it->op].phase == PHASE_CLOCKS)
		clock(d, key, value, it);
	else
		name(d, key, value, it);
}

static void value_of(struct draft *d, enum key key, const char *value, struct item *it)
{
	switch ((enum item_phase)item_row[it->op].phase) {
	case PHASE_CLOCKS:
	case PHASE_NAMES:
		namespace_value(d, key, value, it);
		break;
	case PHASE_FILES:
		mounts_value(d, key, value, it);
		break;
	case PHASE_HOST:
	case PHASE_LIFE:
		life_value(d, key, value, it);
		break;
	case PHASE_POWERS:
	case PHASE_FILTERS:
		if (it->op == ITEM_RLIMIT)
			life_value(d, key, value, it);
		else
			powers_value(d, key, value, it);
		break;
	case PHASE_EXEC:
		given_value(d, key, value, it);
		break;
	case PHASES:
		break;
	}
}

/* What comes after it in its list, which is the draft's to change. */
static const struct item **next_of(const struct item *it)
{
	return &((struct item *)it)->next;
}

/* A rule that extends another one says it again. */
static void forget(struct draft *d, enum item_phase phase, enum item_op op)
{
	const struct item **at = &d->rule->item[phase];

	while (*at && (*at)->op != op)
		at = next_of(*at);
	if (!*at)
		return;
	*at = (*at)->next;
	while (*at)
		at = next_of(*at);
	d->item[phase] = at;
}

/* The lines of a phase in their order; the powers in that of their ops, which the kernel demands. */
static void put(struct draft *d, enum item_phase phase, struct item *it)
{
	const struct item **at = &d->rule->item[phase];

	if (phase != PHASE_POWERS) {
		*d->item[phase] = it;
		d->item[phase] = &it->next;
		return;
	}
	while (*at && (*at)->op <= it->op)
		at = next_of(*at);
	it->next = *at;
	*at = it;
}

void draft_item(struct draft *d, enum key key, const char *value)
{
	const struct item_row *row = &item_row[key - KEY_ITEM];
	struct item *it = draft_alloc(d, sizeof *it);

	if (!it)
		return;
	it->op = (enum item_op)(key - KEY_ITEM);
	it->implies = row->implies;
	it->line = d->line;
	it->text = draft_text(d, value, strlen(value));
	value_of(d, key, value, it);
	if (!row->many)
		forget(d, (enum item_phase)row->phase, it->op);
	put(d, (enum item_phase)row->phase, it);
}

static void imply(struct draft *d, enum key key, enum ns_kind kind)
{
	struct ns_spec *ns = &d->ns[kind];
	char why[REFUSE_WHY];
	struct text t = text_in(why, sizeof why);
	int flag = ns_table[kind].flag;

	if (ns->mode == NS_NEW)
		return;
	if (ns->mode == NS_HOST && !(d->rule->named & flag)) {
		*ns = (struct ns_spec){ .kind = kind, .mode = NS_NEW };
		d->rule->named |= flag;
		return;
	}
	text_str(&t, "it would change for all in the ");
	text_str(&t, ns_table[kind].name);
	text_str(&t, ns->mode == NS_HOST ? " namespace of the host: leave that key out, or `new`"
					 : " namespace that is joined: only with `new`");
	refuse_earlier(d, key, why);
}

void draft_imply(struct draft *d)
{
	for (int i = 0; i < PHASES; i++)
		for (const struct item *it = d->rule->item[i]; it; it = it->next)
			if (it->implies != NS_KINDS)
				imply(d, (enum key)(KEY_ITEM + it->op), it->implies);
	if (d->seen[KEY_PROPAGATION])
		imply(d, KEY_PROPAGATION, NS_MNT);
}

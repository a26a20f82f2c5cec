#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "shim/command/inside.h"
#include "shim/sys.h"

enum { WORDS_ROOM = 4200 };

static void kind_words(char *words, const struct plan *p, enum ns_kind k)
{
	const struct rule *r = p->rule;
	const char *as = "host";

	if (k == NS_USER && p->creates_user)
		as = "new, as its fallback";
	for (unsigned i = 0; i < r->kinds; i++) {
		const struct ns_spec *n = &r->ns[i];

		if (n->kind != k)
			continue;
		as = n->mode == NS_NEW	 ? "new"
		     : n->mode == NS_SET ? "that of the set "
					 : "that of ";
		if (n->mode != NS_NEW) {
			snprintf(words, WORDS_ROOM, "%s%s", as, n->path);
			return;
		}
	}
	snprintf(words, WORDS_ROOM, "%s", as);
}

/* Of an extent map: what the id is inside; the overflow id where no extent has it. */
static unsigned long mapped(const char *text, unsigned long id)
{
	unsigned long in, out, count;
	int n;

	for (; sscanf(text, "%lu %lu %lu %n", &in, &out, &count, &n) == 3; text += n)
		if (id >= out && id - out < count)
			return in + (id - out);
	return SYS_OVERFLOW_ID;
}

static unsigned long id_inside(const struct rule_map *m, unsigned long id)
{
	switch (m->form) {
	case IDMAP_SELF:
		return id;
	case IDMAP_EXTENTS:
		return mapped(m->text, id);
	default:
		return 0;
	}
}

/* which: 0 uid, 1 gid. */
static void id_words(char *words, const struct plan *p, int which)
{
	unsigned long id = which ? getegid() : geteuid();
	const struct item *own = rule_item(p->rule, which ? ITEM_GID : ITEM_UID);
	const char *map = rule_map_word(&p->rule->map[which]);

	if (own)
		snprintf(words, WORDS_ROOM, "%lld", (long long)own->number[0]);
	else if (p->creates_user)
		snprintf(words, WORDS_ROOM, "%lu (%s_map = %.*s)",
			 id_inside(&p->rule->map[which], id), which ? "gid" : "uid",
			 (int)strcspn(map, "\n"), map);
	else if (p->joins & CLONE_NEWUSER)
		snprintf(words, WORDS_ROOM, "as that user namespace maps %lu, else 0", id);
	else
		snprintf(words, WORDS_ROOM, "%lu", id);
}

json_t *inside_of(const struct plan *p)
{
	json_t *all = json_object();
	char words[WORDS_ROOM];

	for (enum ns_kind k = 0; k < NS_KINDS; k++) {
		kind_words(words, p, k);
		json_put(all, ns_table[k].name, json_text(words));
	}
	for (int i = 0; i < 2; i++) {
		id_words(words, p, i);
		json_put(all, i ? "gid" : "uid", json_text(words));
	}
	json_put(all, "cwd", json_text(p->rule->cwd));
	return all;
}

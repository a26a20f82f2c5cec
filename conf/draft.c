#include <string.h>

#include "conf/draft.h"
#include "conf/refuse.h"
#include "conf/text.h"

void *draft_alloc(struct draft *d, size_t size)
{
	void *at = arena_alloc(d->profile->arena, size);

	d->no_memory |= !at;
	return at;
}

const char *draft_text(struct draft *d, const char *text, size_t len)
{
	const char *copy = arena_text(d->profile->arena, text, len);

	d->no_memory |= !copy;
	return copy;
}

void draft_room(struct draft *d, unsigned most)
{
	struct profile *p = d->profile;
	struct rule *rule = draft_alloc(d, (d->room + most) * sizeof *rule);

	d->room += most;
	d->no_memory |= !table_make(&d->names, p->arena, d->room);
	if (d->no_memory)
		return;
	memcpy(rule, p->rule ? p->rule : rule, p->rules * sizeof *rule);
	p->rule = rule;
	for (unsigned i = 0; i < p->rules; i++)
		table_add(&d->names, table_hash(rule[i].name, strlen(rule[i].name)), i + 1);
}

void draft_refuse(struct draft *d, const char *key, size_t len, const char *why)
{
	struct fault f;
	char op[sizeof f.op];
	struct text t = text_in(op, sizeof op);

	text_bytes(&t, key, len);
	fault_at(&f, d->name, d->line, op, why);
	d->faults++;
	d->last = d->line;
	d->say(d->ctx, &f);
}

const struct rule *draft_find(const struct draft *d, const char *name, size_t len)
{
	uint32_t n = table_first(&d->names, table_hash(name, len));

	for (; n; n = table_next(&d->names, n)) {
		const struct rule *r = &d->profile->rule[n - 1];

		if (!strncmp(r->name, name, len) && !r->name[len])
			return r;
	}
	return NULL;
}

static void refuse_twin(struct draft *d, const char *name, size_t len, const struct rule *twin)
{
	char op[64], why[REFUSE_WHY];
	struct text t = text_in(op, sizeof op);

	text_str(&t, "[");
	text_bytes(&t, name, len);
	text_str(&t, "]");
	len = (size_t)(t.at - op);
	t = text_in(why, sizeof why);
	text_str(&t, "duplicate section: the first of this name is on line ");
	text_num(&t, twin->line);
	if (twin->file != d->name) {
		text_str(&t, " of ");
		text_str(&t, twin->file);
	}
	draft_refuse(d, op, len, why);
}

bool draft_begin(struct draft *d, const char *name, size_t len)
{
	uint32_t hash = table_hash(name, len);
	const struct rule *twin;
	struct rule *r;

	draft_end(d);
	twin = draft_find(d, name, len);
	if (twin) {
		refuse_twin(d, name, len, twin);
		return false;
	}
	r = &d->profile->rule[d->profile->rules];
	r->name = draft_text(d, name, len);
	r->file = d->name;
	r->line = d->line;
	r->fallback = r->loopback = true;
	if (d->no_memory)
		return false;
	table_add(&d->names, hash, ++d->profile->rules);
	d->rule = r;
	d->last = d->line;
	memset(d->seen, 0, sizeof d->seen);
	memset(d->ns, 0, sizeof d->ns);
	d->conditions = 0;
	for (int i = 0; i < 2; i++) {
		d->list[i].count = 0;
		d->map[i] = (struct idmap){ .extent = d->map[i].extent };
	}
	for (int i = 0; i < PHASES; i++)
		d->item[i] = &r->item[i];
	return true;
}

void *draft_grow(struct draft *d, void *at, size_t size, unsigned count, unsigned *room)
{
	unsigned more = *room ? 2 * *room : 4;
	void *copy;

	if (count < *room)
		return at;
	copy = draft_alloc(d, more * size);
	if (copy) {
		*room = more;
		memcpy(copy, at ? at : copy, count * size);
	}
	return copy;
}

void draft_add(struct draft *d, struct list *l, const char *text)
{
	const char **item = draft_grow(d, l->item, sizeof *item, l->count, &l->room);

	if (!item)
		return;
	l->item = item;
	item[l->count++] = draft_text(d, text, strlen(text));
}

static const char *const *list_of(struct draft *d, const struct list *l)
{
	static const char *const none[1];
	const char **all;

	if (!l->count)
		return none;
	all = draft_alloc(d, (l->count + 1) * sizeof *all);
	if (all)
		memcpy(all, l->item, l->count * sizeof *all);
	return all;
}

static void end_kinds(struct draft *d, struct rule *r)
{
	struct ns_spec *ns;

	r->kinds = 0;
	for (int k = 0; k < NS_KINDS; k++)
		r->kinds += d->ns[k].mode != NS_HOST;
	r->ns = ns = draft_alloc(d, r->kinds * sizeof *ns);
	for (int k = 0; ns && k < NS_KINDS; k++)
		if (d->ns[k].mode != NS_HOST)
			*ns++ = d->ns[k];
}

static void end_conditions(struct draft *d, struct rule *r)
{
	struct condition *c = draft_alloc(d, d->conditions * sizeof *c);

	if (c && d->conditions)
		memcpy(c, d->condition, d->conditions * sizeof *c);
	r->only_if = c;
	r->conditions = d->conditions;
}

static void end_map(struct draft *d, const struct idmap *m, struct rule_map *to)
{
	char *text;

	if (m->form == IDMAP_UNSET)
		return; /* or as in the rule that this one extends */
	to->form = m->form;
	if (m->form != IDMAP_EXTENTS)
		return;
	to->first = m->extent[0];
	to->extents = m->extents;
	to->text = text = draft_alloc(d, m->bytes + 1);
	if (text)
		idmap_text(m, text, m->bytes + 1);
}

void draft_end(struct draft *d)
{
	struct rule *r = d->rule;

	if (!r)
		return;
	draft_imply(d);
	draft_agree(d);
	d->rule = NULL;
	d->profile->pids |= d->ns[NS_PID].mode != NS_HOST || rule_joins_process(r);
	d->profile->early |= r->when != WHEN_EXEC;
	r->match = list_of(d, &d->list[0]);
	r->except = list_of(d, &d->list[1]);
	end_conditions(d, r);
	end_kinds(d, r);
	end_map(d, &d->map[0], &r->map[0]);
	end_map(d, &d->map[1], &r->map[1]);
	if (r->share.name && !d->no_memory)
		draft_agree_set(d, r);
}

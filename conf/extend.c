#include <string.h>

#include "conf/draft.h"
#include "conf/refuse.h"

/* Which programs, and what it is: that a rule says for itself. */
static bool is_own(enum key key)
{
	return key == KEY_MATCH || key == KEY_EXCEPT || key == KEY_ONLY_IF || key == KEY_TEMPLATE ||
	       key == KEY_EXTENDS;
}

/* Of the items of the other rule a copy: a list goes on with this one's. */
static void copy_items(struct draft *d, struct rule *r, const struct rule *from)
{
	for (int i = 0; i < PHASES; i++) {
		d->item[i] = &r->item[i];
		r->item[i] = NULL;
		for (const struct item *it = from->item[i]; it; it = it->next) {
			struct item *copy = draft_alloc(d, sizeof *copy);

			if (!copy)
				return;
			*copy = *it;
			copy->next = NULL;
			*d->item[i] = copy;
			d->item[i] = &copy->next;
		}
	}
}

void draft_extend(struct draft *d, const char *value)
{
	const struct rule *from = draft_find(d, value, strlen(value));
	struct rule *r = d->rule, own = *r;

	if (!from || from == r) {
		refuse_value(d, KEY_EXTENDS, "no section", value, " before this one");
		return;
	}
	for (int key = 0; key < KEYS; key++)
		if (d->seen[key] && !is_own((enum key)key)) {
			refuse_line(d, KEY_EXTENDS,
				    "it goes before the keys that say it otherwise: see line ",
				    d->seen[key]);
			return;
		}
	*r = *from;
	r->name = own.name;
	r->file = own.file;
	r->line = own.line;
	r->template = own.template;
	for (unsigned i = 0; i < from->kinds; i++)
		d->ns[from->ns[i].kind] = from->ns[i];
	copy_items(d, r, from);
}

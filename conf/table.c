#include "conf/table.h"

bool table_make(struct table *t, struct arena *a, uint32_t most)
{
	uint32_t heads = 8;

	while (heads < most)
		heads *= 2;
	t->mask = heads - 1;
	t->head = arena_alloc(a, heads * sizeof *t->head);
	t->next = arena_alloc(a, ((size_t)most + 1) * sizeof *t->next);
	return t->head && t->next;
}

/* FNV-1a, whose high bits are the better ones. */
uint32_t table_hash(const char *text, size_t len)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)text[i]) * 16777619u;
	return h ^ h >> 15;
}

void table_chain(struct table *t, uint32_t *head, uint32_t number)
{
	t->next[number] = *head;
	*head = number;
}

void table_add(struct table *t, uint32_t hash, uint32_t number)
{
	table_chain(t, &t->head[hash & t->mask], number);
}

uint32_t table_first(const struct table *t, uint32_t hash)
{
	return t->head[hash & t->mask];
}

uint32_t table_next(const struct table *t, uint32_t number)
{
	return t->next[number];
}

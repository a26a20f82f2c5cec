/*
 * A hash table that tells which of a list of texts may equal another one: the texts and the
 * comparing are the caller's, who numbers them from 1. All of it is child-safe.
 */
#ifndef CONF_TABLE_H
#define CONF_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf/arena.h"

struct table {
	uint32_t mask;
	uint32_t *head; /* of each chain; 0: empty */
	uint32_t *next; /* of each number; 0: the last */
};

/* For the numbers 1 to `most`. Returns false where there is no memory. */
bool table_make(struct table *t, struct arena *a, uint32_t most);

uint32_t table_hash(const char *text, size_t len);

/* Enters a number, once, before all others of its hash. */
void table_add(struct table *t, uint32_t hash, uint32_t number);

/* The same in a chain of the caller's own, which begins at *head. */
void table_chain(struct table *t, uint32_t *head, uint32_t number);

/* The numbers that were added under this hash, and maybe others; 0: none, and at the end. */
uint32_t table_first(const struct table *t, uint32_t hash);
uint32_t table_next(const struct table *t, uint32_t number);

#endif

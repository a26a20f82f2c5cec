/*
 * The rules of a profile while they are being read: what has been said of the one at hand. All of
 * it is child-safe.
 */
#ifndef CONF_DRAFT_H
#define CONF_DRAFT_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/arena.h"
#include "conf/item.h"
#include "conf/profile.h"
#include "conf/table.h"

/* All keys: KEY_NS + NS_NET is `net`. */
enum key {
	KEY_MATCH,
	KEY_EXCEPT,
	KEY_ONLY_IF,
	KEY_TEMPLATE,
	KEY_EXTENDS,
	KEY_UID_MAP,
	KEY_GID_MAP,
	KEY_SETGROUPS,
	KEY_FALLBACK,
	KEY_ON_ERROR,
	KEY_LOOPBACK,
	KEY_CWD,
	KEY_PROPAGATION,
	KEY_WHEN,
	KEY_JOIN,
	KEY_SHARE,
	KEY_KEEP,
	KEY_POOL,
	KEY_KEEP_CREDS,
	KEY_ITEM, /* KEY_ITEM + ITEM_SYSCTL is `sysctl` */
	KEY_NS = KEY_ITEM + ITEMS,
	KEYS = KEY_NS + NS_KINDS
};

struct list {
	const char **item;
	unsigned count, room;
};

struct draft {
	struct profile *profile;
	const char *name;    /* of the file at hand, for messages */
	bool from_file;	     /* it is one */
	struct table names;  /* of the sections */
	unsigned room;	     /* for as many of them */
	struct rule *rule;   /* the one at hand; null: none */
	int line;	     /* the one at hand */
	int last;	     /* of the rule at hand: the last of its lines that was looked at */
	int seen[KEYS];	     /* line of a key's first value in this rule; 0: none */
	struct list list[2]; /* match, except */
	struct condition *condition;
	unsigned conditions, condition_room;
	struct ns_spec ns[NS_KINDS];
	struct idmap map[2];
	unsigned map_room[2];		  /* extents */
	const struct item **item[PHASES]; /* where the next of a phase goes */
	profile_say *say;
	void *ctx;
	unsigned faults; /* that were told */
	bool no_memory;	 /* nothing after this counts */
};

/* Makes room in d->profile's arena for `most` rules more than there are. Between two rules. */
void draft_room(struct draft *d, unsigned most);

/* Tells d->say what is wrong with key[len], at the line at hand. */
void draft_refuse(struct draft *d, const char *key, size_t len, const char *why);

/* Begins a rule, after ending the one at hand. Returns false where it is refused. */
bool draft_begin(struct draft *d, const char *name, size_t len);

/* A key and its value in the rule at hand (conf/keys.c). */
void draft_set(struct draft *d, const char *key, const char *value);

/* A kind of namespace, or `join` (conf/kinds.c). */
void draft_kind(struct draft *d, enum key key, const char *value);
void draft_join(struct draft *d, const char *value);

/* share, share-keep, pool (conf/share.c). */
void draft_share(struct draft *d, enum key key, const char *value);

/* extends: the rule at hand begins as another one (conf/extend.c). */
void draft_extend(struct draft *d, const char *value);

/* The rule of that name; null. It may be the one at hand. */
const struct rule *draft_find(const struct draft *d, const char *name, size_t len);

/* A line of conf/item.h (conf/items.c), and the kinds that all of a rule imply. */
void draft_item(struct draft *d, enum key key, const char *value);
void draft_imply(struct draft *d);

/*
 * Refuses what the keys of the rule at hand say against each other: all of it at its end, and of a
 * key of the user namespace as soon as it is there (conf/agree.c).
 */
void draft_agree(struct draft *d);
void draft_agree_set(struct draft *d, const struct rule *r); /* with the rules before this one */
void draft_agree_user(struct draft *d, enum key key);

void draft_end(struct draft *d); /* of the rule at hand, if there is one */

/* Copies of text, and room, in the profile's arena; null sets d->no_memory. */
const char *draft_text(struct draft *d, const char *text, size_t len);
void *draft_alloc(struct draft *d, size_t size);
void draft_add(struct draft *d, struct list *l, const char *text);

/*
 * Room for one more of count things in the array at `at`: the array, or a larger copy of it. Null
 * where there is no memory.
 */
void *draft_grow(struct draft *d, void *at, size_t size, unsigned count, unsigned *room);

#endif

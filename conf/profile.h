/* The INI file -> struct profile: what was asked for, read once and constant afterwards. */
#ifndef CONF_PROFILE_H
#define CONF_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "conf/condition.h"
#include "conf/fault.h"
#include "conf/file.h"
#include "conf/idmap.h"
#include "conf/item.h"
#include "conf/ns.h"

enum ns_mode {
	NS_HOST,
	NS_NEW,
	NS_PATH,
	NS_NETNS,
	NS_PIDOF,
	NS_OWNER, /* the user namespace that owns the one of the file: likewise */
	NS_SET,	  /* of the set that rule_share names: never in a profile (shim/resolve.h) */
};

/* One kind that a rule does not leave alone. */
struct ns_spec {
	enum ns_kind kind;
	enum ns_mode mode; /* never NS_HOST */
	pid_t pid;	   /* NS_PIDOF: whose */
	const char *path;  /* NS_PATH, NS_NETNS, NS_PIDOF: the file; NS_NEW: null */
};

/* Who enters: the program that the rule fits, at its exec or when it is loaded; or its children. */
enum rule_when { WHEN_EXEC, WHEN_LOAD, WHEN_FORK };

/* A process of which every kind is joined that the rule does not name. */
struct rule_join {
	pid_t pid;		  /* 0: none, or told by: */
	const char *pidfile;	  /* null: none */
	unsigned long long start; /* when it began: never in a profile (shim/process.h) */
};

/* One set of namespaces for all that a rule of this name fits. */
struct rule_share {
	const char *name; /* null: each has its own */
	bool by_user;	  /* for all programs of the user, not of one tree alone */
	unsigned keep;	  /* seconds that it stays after its last member */
};

/* What of mounts shows where, once the mount namespace is there: mount_namespaces(7). */
enum rule_propagation {
	PROPAGATION_PRIVATE,
	PROPAGATION_SLAVE,
	PROPAGATION_SHARED,
	PROPAGATION_UNCHANGED,
};

enum rule_setgroups { SETGROUPS_DEFAULT, SETGROUPS_ALLOW, SETGROUPS_DENY };

struct rule_map {
	enum idmap_form form;
	struct idmap_extent first; /* IDMAP_EXTENTS: the first, ... */
	unsigned extents;	   /* ... how many, ... */
	const char *text;	   /* ... and all of them, as the kernel takes them */
};

struct rule {
	const char *name;	   /* the section; "inline" or "built-in" where there is no file */
	const char *file;	   /* in which it is, or what stands for one in messages */
	int line;		   /* of its header */
	const char *const *match;  /* patterns, null at the end; none: every program */
	const char *const *except; /* the same; none: no exception */
	const struct condition *only_if; /* all of which hold where it fits */
	unsigned conditions;		 /* how many */
	bool template;			 /* there for others to extend; it fits no program */
	const struct ns_spec *ns;	 /* in the order of enum ns_kind */
	unsigned kinds;			 /* how many */
	int named;			 /* CLONE_NEW* of all kinds that it names, host ones too */
	struct rule_join join;
	struct rule_share share;
	unsigned pool; /* sets that are made ahead */
	enum rule_when when;
	struct rule_map map[2]; /* [0] uid_map, [1] gid_map */
	enum rule_setgroups setgroups;
	bool fallback; /* fallback = userns */
	bool go_on;    /* on_error = continue */
	bool loopback;
	bool keep_creds; /* ids stay, though a user namespace does not map them */
	bool host_proc;	 /* proc = host: /proc is not that of the pid namespace */
	enum rule_propagation propagation;
	const char *cwd;		 /* null: the caller's */
	const struct item *item[PHASES]; /* the first of each phase; null: none */
};

/* The rule's network, where that is one by name; null. child-safe */
const struct ns_spec *rule_netns(const struct rule *r);

/* Does the rule leave the program as it is? child-safe */
bool rule_is_empty(const struct rule *r);

/* Its first item of this op; null: it has none. child-safe */
const struct item *rule_item(const struct rule *r, enum item_op op);

/* The map as it is told to who writes it: its word, or the kernel's text. child-safe */
const char *rule_map_word(const struct rule_map *m);

static inline bool rule_joins_process(const struct rule *r)
{
	return r->join.pid || r->join.pidfile;
}

struct profile {
	const char *name; /* the file's path, or what stands for one in messages */
	unsigned long long
		stamp; /* of all that was read, file_stamp() of a file alone; 0: no file */
	uid_t reader;  /* kept for who shares it: the effective uid of the process that read it */
	bool pids;     /* some rule changes the pid namespace, */
	bool early;    /* one enters at load, or enters children */
	bool large;    /* over 16 KiB: read only by a process that needs it */
	struct rule *rule;
	unsigned rules;
	struct index *index; /* conf/match's */
	struct arena *arena; /* all memory of the profile, the struct itself included */
};

/* Where the text comes from. */
struct source {
	enum { SOURCE_FILE, SOURCE_INLINE, SOURCE_BUILTIN, SOURCE_NONE } kind;
	const char *text; /* the path, or the inline rule */
};

extern const char profile_built_in[]; /* the text of SOURCE_BUILTIN */

/* Is told of every error, in file order. */
typedef void profile_say(void *ctx, const struct fault *f);

/*
 * Reads a profile. Returns null where anything is wrong, after say() was told all of it.
 * SOURCE_NONE and an empty file are profiles without rules.
 * trusts: as file_trust() takes it; asked of the opened descriptor.
 * Memory is the arena's; no descriptor stays open. Neither malloc nor stdio is used, so that
 * it may run before the constructors of the program, and in a forked child: child-safe.
 */
struct profile *profile_load(const struct source *src, file_trusts *trusts, profile_say *say,
			     void *ctx);

/*
 * The same of len bytes of text, of the file or, with inline_rule, the inline rule that messages
 * call `name`. child-safe
 */
struct profile *profile_parse(const char *name, const char *text, size_t len, bool inline_rule,
			      profile_say *say, void *ctx);

void profile_free(struct profile *p); /* null is allowed. child-safe */

/* The rule of that name, null if there is none. child-safe */
const struct rule *profile_rule(const struct profile *p, const char *name);

#endif

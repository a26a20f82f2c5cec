#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "conf/ns.h"
#include "shim/command/trace/tree.h"

enum state { OUTSIDE, ENTERED, INSIDE, PAST, UNKNOWN };

static const char states[][8] = { "outside", "entered", "inside", "past", "unknown" };

/* A process as far as its events have been told. */
struct node {
	bool shown;
	bool own; /* it has been an image of the library's */
	enum state state;
	const char *why; /* PAST, UNKNOWN */
	json_t *self, *started, *programs;
	json_t *among;	  /* where it stands itself, */
	int depth;	  /* and how deep that is */
	json_t *now;	  /* the last of its programs; null: none yet */
	bool waits;	  /* `now` has entered, and is not executed yet */
	const char *name; /* of `now` */
	bool seen;	  /* `now` was seen to be executed, */
	bool loaded;	  /* and has left a record */
};

struct tree {
	const struct history *history;
	struct node *node;
	json_t *roots;
	long long first;
};

static struct node *node_of(struct tree *t, const struct event *e)
{
	return &t->node[e->process];
}

static void set_state(struct node *n, enum state state, const char *why)
{
	n->state = state;
	n->why = state == PAST || state == UNKNOWN ? why : NULL;
	json_put(n->now, "state", json_text(states[state]));
	json_put(n->now, "why", n->why ? json_text(why) : json_null());
}

/* All names, in their order; what is not put yet is null. */
static json_t *program(void)
{
	static const char names[][11] = { "program", "path", "at",	   "state", "why",
					  "rule",    "door", "namespaces", "took" };
	json_t *o = json_object();

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		json_put(o, names[i], json_null());
	return o;
}

static void new_program(struct tree *t, struct node *n, const struct event *e)
{
	n->name = e->program ? e->program : "";
	n->now = program();
	n->waits = n->seen = n->loaded = false;
	json_add(n->programs, n->now);
	if (n->name[0])
		json_put(n->now, "program", json_text(n->name));
	if (e->path)
		json_put(n->now, "path", json_text(e->path));
	json_put(n->now, "at", json_integer(e->when - t->first));
}

/* A record holds the beginning of a long name, and none of what is executed by a descriptor. */
static bool same_program(const char *recorded, const struct event *e)
{
	return !recorded[0] || !e->path || !strncmp(recorded, e->program, strlen(recorded));
}

static bool is_inside(const struct node *n)
{
	return n->state == ENTERED || n->state == INSIDE;
}

static struct node *parent_of(struct tree *t, const struct event *e)
{
	int parent = t->history->process[e->process].parent;

	return parent < 0 ? NULL : &t->node[parent];
}

/* It is what its parent is. */
static void born(struct tree *t, const struct event *e)
{
	const struct node *parent = parent_of(t, e);
	struct node *n = node_of(t, e);

	n->state = !parent ? OUTSIDE : is_inside(parent) ? INSIDE : parent->state;
	n->why = parent ? parent->why : NULL;
}

static void executed(struct tree *t, const struct event *e)
{
	struct node *n = node_of(t, e), *parent = parent_of(t, e);

	if (e->own)
		return;
	if (n->waits && same_program(n->name, e)) {
		n->waits = false;
		n->seen = true;
		if (e->path)
			json_put(n->now, "path", json_text(e->path));
		return;
	}
	/* A monitor enters, and bears the program. */
	if (!n->now && parent && parent->waits && same_program(parent->name, e)) {
		parent->waits = false;
		n->state = INSIDE;
	}
	new_program(t, n, e);
	n->seen = true;
	if (is_inside(n))
		set_state(n, INSIDE, NULL);
	else
		set_state(n, e->why ? PAST : UNKNOWN,
			  e->why ? e->why : "it would load the library, and has left no record");
}

static void loaded(struct tree *t, const struct event *e)
{
	struct node *n = node_of(t, e);

	if (!n->seen || n->loaded)
		new_program(t, n, e);
	n->loaded = true;
	set_state(n, is_inside(n) ? INSIDE : OUTSIDE, NULL);
}

static bool is_kind(const char *name)
{
	for (enum ns_kind k = 0; k < NS_KINDS; k++)
		if (!strcmp(name, ns_table[k].name))
			return true;
	return false;
}

/* `KIND:NUMBER ` of each */
static json_t *namespaces_of(const char *text)
{
	json_t *all = json_object();
	char *copy = history_text(text), *at = copy, *word;

	while ((word = strsep(&at, " "))) {
		char *number = strchr(word, ':');
		long long n = number ? atoll(number + 1) : 0;

		if (!number)
			continue;
		*number = '\0';
		if (is_kind(word))
			json_put(all, word, n ? json_integer(n) : json_null());
	}
	free(copy);
	return all;
}

static void entered(struct tree *t, const struct event *e)
{
	struct node *n = node_of(t, e);
	bool load = !strcmp(e->door, "load");

	if (!load || !n->now || is_inside(n))
		new_program(t, n, e);
	n->waits = e->program[0] && !load;
	set_state(n, ENTERED, NULL);
	json_put(n->now, "rule", json_text(e->rule));
	json_put(n->now, "door", json_text(e->door));
	json_put(n->now, "namespaces", namespaces_of(e->namespaces));
	json_put(n->now, "took", json_integer(e->took));
}

/* What is the library's own alone is left out: a process that nobody waits for, and its images. */
static void choose_shown(struct tree *t)
{
	const struct history *h = t->history;

	for (size_t i = 0; i < h->events; i++) {
		const struct event *e = &h->event[i];
		struct node *n = node_of(t, e);

		if (e->what == EVENT_EXEC && e->own)
			n->own = true;
		else if (e->what != EVENT_BORN)
			n->seen = true;
	}
	for (size_t i = 0; i < h->processes; i++)
		t->node[i].shown = t->node[i].seen || !(h->process[i].silent || t->node[i].own);
	/* The command failed before the program. */
	if (h->processes && h->process[0].followed && !t->node[0].seen)
		t->node[0].shown = false;
	for (size_t i = 0; i < h->processes; i++)
		t->node[i].seen = false;
}

/* Deeper than others would read JSON; and a line for each of 10,000 must not be 20,000 long. */
enum { DEEPEST = 200 };

/* Below the nearest that is shown too, or, at the deepest, beside it. */
static void begin(struct tree *t, const struct event *e)
{
	const struct process *all = t->history->process, *p = &all[e->process];
	struct node *n = node_of(t, e);
	int up = p->parent;

	while (up >= 0 && !t->node[up].self)
		up = all[up].parent;
	n->self = json_object();
	n->programs = json_array();
	n->started = json_array();
	json_put(n->self, "pid", json_integer(p->pid));
	json_put(n->self, "status",
		 !p->followed || !p->ended ? json_null()
		 : WIFEXITED(p->status)	   ? json_integer(WEXITSTATUS(p->status))
					   : json_integer(128 + WTERMSIG(p->status)));
	json_put(n->self, "programs", n->programs);
	json_put(n->self, "started", n->started);
	n->among = up < 0 ? t->roots : t->node[up].started;
	n->depth = up < 0 ? 0 : t->node[up].depth + 1;
	if (n->depth > DEEPEST) {
		n->among = t->node[up].among;
		n->depth = DEEPEST;
	}
	json_add(n->among, n->self);
}

static void tell(struct tree *t, const struct event *e)
{
	struct node *n = node_of(t, e);

	if (!n->self && n->shown)
		begin(t, e);
	if (e->what == EVENT_BORN)
		born(t, e);
	else if (!n->shown)
		return;
	else if (e->what == EVENT_EXEC)
		executed(t, e);
	else if (e->what == EVENT_LOADED)
		loaded(t, e);
	else
		entered(t, e);
}

/* It has executed nothing. */
static void tell_forked(struct tree *t, int i)
{
	const struct event e = { .process = i, .when = t->history->process[i].born };
	struct node *n = node_of(t, &e);

	if (!n->shown || n->now)
		return;
	new_program(t, n, &e);
	set_state(n, n->state, n->why);
}

json_t *tree_of(struct history *h, int status, bool followed)
{
	struct tree t = { .history = h,
			  .node = calloc(h->processes + 1, sizeof *t.node),
			  .roots = json_array() };
	json_t *all = json_object(), *said = json_array();

	if (!t.node)
		abort();
	history_sort(h);
	for (size_t i = 0; i < h->events && !t.first; i++)
		t.first = h->event[i].what == EVENT_BORN ? 0 : h->event[i].when;
	choose_shown(&t);
	for (size_t i = 0; i < h->events; i++)
		tell(&t, &h->event[i]);
	for (size_t i = 0; i < h->processes; i++)
		tell_forked(&t, (int)i);
	for (size_t i = 0; i < h->lines; i++)
		json_add(said, json_text(h->said[i]));
	json_put(all, "status", json_integer(status));
	json_put(all, "all", json_boolean(followed));
	json_put(all, "processes", t.roots);
	json_put(all, "said", said);
	free(t.node);
	return all;
}
